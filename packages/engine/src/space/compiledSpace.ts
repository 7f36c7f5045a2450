/**
 * A search space as whole numbers. Every variable j is an index n_j in lower_j .. upper_j: a number of steps, a place
 * in a list of numbers, or a level. A point is the vector of these indices, so that nothing is ever rounded, and every
 * condition is either a sum of whole numbers between limits, a count, or a choice of intervals.
 */
export interface CompiledSpace {
  readonly variables: readonly CompiledVariable[];
  /** What must hold, in the order of the search space: its constraints, then the bounds of its variables. */
  readonly sources: readonly ConstraintSource[];
  readonly sums: readonly SumRule[];
  readonly minimums: readonly MinimumRule[];
  readonly counts: readonly CountRule[];
  readonly clauses: readonly Clause[];
  /** Points not to be proposed, as far as their variables are named. */
  readonly excluded: readonly ExcludedPoint[];
}

/** Where a rule comes from. */
export interface ConstraintSource {
  /** Place in the search space, e.g. `constraints/2` or `variables/0`. */
  readonly path: string;
  /** What it says, for messages, e.g. `the total of the amounts is 100`. */
  readonly text: string;
}

/** Numbers on a lattice: value(n) = (base + n * step) / denominator, all whole numbers below 2^53. */
export interface LatticeVariable {
  readonly kind: 'lattice';
  readonly key: string;
  readonly lower: number;
  readonly upper: number;
  readonly base: number;
  readonly step: number;
  /** A power of ten, at most 10^15. */
  readonly denominator: number;
  /** Amounts count as used when n > 0; other variables are never counted. */
  readonly isAmount: boolean;
}

/** Numbers or levels of a list; n is the place. */
export interface ListVariable {
  readonly kind: 'list';
  readonly key: string;
  readonly lower: 0;
  readonly upper: number;
  readonly values: readonly number[] | readonly string[];
  readonly isAmount: false;
}

export type CompiledVariable = LatticeVariable | ListVariable;

/** A part of a sum: slope * n, or table[n]; whole numbers. */
export type SumTerm =
  | { readonly variable: number; readonly slope: number }
  | { readonly variable: number; readonly table: Float64Array };

/** lower <= sum of the terms <= upper, exact in doubles. */
export interface SumRule {
  readonly source: number;
  readonly terms: readonly SumTerm[];
  readonly lower: number;
  readonly upper: number;
  /** Sum in the constraint's unit = (rule's sum + offset) * unit; for telling how far to relax it. */
  readonly unit: number;
  readonly offset: number;
}

/** n = 0 or n >= value. */
export interface MinimumRule {
  readonly source: number;
  readonly variable: number;
  readonly value: number;
}

/** min <= number of these with n > 0 <= max */
export interface CountRule {
  readonly source: number;
  readonly variables: readonly number[];
  readonly min: number;
  readonly max: number;
}

/** Closed intervals of an index. */
export type Intervals = readonly (readonly [number, number])[];

/** At least one of these variables lies in one of its intervals. */
export interface Clause {
  readonly source: number;
  readonly literals: readonly { readonly variable: number; readonly intervals: Intervals }[];
}

export interface ExcludedPoint {
  readonly source: number;
  /** Index of each named variable; a point with all of them is not allowed. */
  readonly cells: readonly (readonly [variable: number, index: number])[];
}

/** The value of variable j at index n, as the user writes it. */
export function valueOf(variable: CompiledVariable, n: number): number | string {
  if (variable.kind === 'list') return variable.values[n]!;
  // Both are whole numbers that doubles hold exactly, so the quotient is the double nearest to the decimal.
  return (variable.base + n * variable.step) / variable.denominator;
}
