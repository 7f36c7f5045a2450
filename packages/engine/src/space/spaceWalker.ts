import type { Generator } from '../random/generator.ts';
import type { CompiledSpace, Intervals, SumRule } from './compiledSpace.ts';
import { isWithin } from './intervals.ts';

interface SumPart {
  readonly rule: number;
  readonly slope: number;
  readonly table: Float64Array | null;
}

/**
 * A point that walks through a space: moves change a few indices, what they touch is summed up incrementally, and a move
 * that would break a rule is taken back. All in whole numbers, so that a feasible point stays exactly feasible.
 */
export class SpaceWalker {
  readonly space: CompiledSpace;
  /** Indices of the point [d]; written by moves only. */
  readonly point: Int32Array;
  readonly #sums: Float64Array;
  readonly #used: Int32Array;
  readonly #sumsOf: readonly SumPart[][];
  readonly #countsOf: readonly number[][];
  readonly #clausesOf: readonly number[][];
  /** Least n of each variable when it is used. */
  readonly minimum: Int32Array;
  /** Violation 1 of each sum is this far out. */
  readonly #scales: Float64Array;
  #violation = 0;

  constructor(space: CompiledSpace) {
    const d = space.variables.length;
    this.space = space;
    this.point = Int32Array.from(space.variables, ({ lower }) => lower);
    this.#sums = new Float64Array(space.sums.length);
    this.#used = new Int32Array(space.counts.length);
    this.#sumsOf = Array.from({ length: d }, () => []);
    this.#countsOf = Array.from({ length: d }, () => []);
    this.#clausesOf = Array.from({ length: d }, () => []);
    this.#scales = Float64Array.from(space.sums, scaleOf);
    space.sums.forEach(({ terms }, rule) => {
      for (const term of terms)
        this.#sumsOf[term.variable]!.push({
          rule,
          slope: 'slope' in term ? term.slope : 0,
          table: 'table' in term ? term.table : null,
        });
    });
    space.counts.forEach(({ variables }, rule) => {
      for (const j of variables) this.#countsOf[j]!.push(rule);
    });
    space.clauses.forEach(({ literals }, clause) => {
      for (const j of new Set(literals.map(({ variable }) => variable))) this.#clausesOf[j]!.push(clause);
    });
    this.minimum = new Int32Array(d).fill(1);
    for (const { variable, value } of space.minimums)
      this.minimum[variable] = Math.max(this.minimum[variable]!, Math.min(value, 2 ** 31 - 1));
    this.moveTo(this.point);
  }

  /** 0 for a feasible point, more the further it is from one. */
  get violation(): number {
    return this.#violation;
  }

  /** Jumps to a point within the bounds of all variables. */
  moveTo(point: ArrayLike<number>): void {
    this.point.set(point);
    this.#sums.fill(0);
    this.#used.fill(0);
    this.space.variables.forEach((_, j) => {
      for (const part of this.#sumsOf[j]!) this.#sums[part.rule]! += contribution(part, this.point[j]!);
      if (this.point[j]! > 0) for (const rule of this.#countsOf[j]!) this.#used[rule]!++;
    });
    this.#violation = this.#measure();
  }

  /**
   * Sets variables to indices within their bounds and stays there when that breaks nothing, or for a point that is not
   * feasible yet, when it breaks less; else goes back.
   *
   * @returns whether it stayed
   */
  tryMove(variables: readonly number[], indices: readonly number[], tolerance = 0): boolean {
    const before = variables.map((j) => this.point[j]!);
    if (!this.#isWithinBounds(variables, indices)) return false;
    variables.forEach((j, k) => this.#set(j, indices[k]!));
    if (this.#violation === 0) {
      if (this.#keepsRules(variables)) return true;
    } else {
      const violation = this.#measure();
      if (violation < this.#violation * (1 + tolerance)) {
        this.#violation = violation;
        return true;
      }
    }
    variables.forEach((j, k) => this.#set(j, before[k]!));
    return false;
  }

  /** Moves by force; for repairing, where a step may make things worse for a while. */
  force(variable: number, index: number): void {
    this.#set(variable, index);
    this.#violation = this.#measure();
  }

  /** One broken rule at random, and a move that would mend it; null when none is broken. */
  proposeRepair(generator: Generator): { readonly variable: number; readonly index: number } | null {
    const proposals: (() => { variable: number; index: number } | null)[] = [];
    const { space, point } = this;
    space.sums.forEach((rule, r) => {
      const excess = excessOf(rule, this.#sums[r]!);
      if (excess !== 0) proposals.push(() => this.#mendSum(rule, excess, generator));
    });
    space.counts.forEach((rule, c) => {
      const isOver = this.#used[c]! > rule.max;
      if (!isOver && this.#used[c]! >= rule.min) return;
      proposals.push(() => {
        const choices = rule.variables.filter((j) => point[j]! > 0 === isOver);
        if (choices.length === 0) return null;
        const variable = choices[generator.integer(choices.length)]!;
        return { variable, index: isOver ? 0 : this.minimum[variable]! };
      });
    });
    for (const { variable, value } of space.minimums)
      if (point[variable]! > 0 && point[variable]! < value)
        proposals.push(() => ({ variable, index: generator.uniform() < 0.5 ? 0 : this.minimum[variable]! }));
    for (const { literals } of space.clauses)
      if (!holdsAny(literals, point))
        proposals.push(() => {
          const { variable, intervals } = literals[generator.integer(literals.length)]!;
          if (intervals.length === 0) return null;
          const [low, high] = intervals[generator.integer(intervals.length)]!;
          return { variable, index: low + Math.floor(generator.uniform() * (high - low + 1)) };
        });
    if (proposals.length === 0) return null;
    const proposal = proposals[generator.integer(proposals.length)]!();
    if (proposal === null) return { variable: 0, index: point[0]! };
    const { lower, upper } = space.variables[proposal.variable]!;
    return { ...proposal, index: Math.min(Math.max(proposal.index, lower), upper) };
  }

  #mendSum(
    { terms }: SumRule,
    excess: number,
    generator: Generator,
  ): { variable: number; index: number } | null {
    if (terms.length === 0) return null;
    const term = terms[generator.integer(terms.length)]!;
    const { variable } = term;
    const { lower, upper } = this.space.variables[variable]!;
    if ('table' in term) return { variable, index: lower + generator.integer(upper - lower + 1) };
    const steps = Math.ceil(Math.abs(excess / term.slope)) * -Math.sign(excess) * Math.sign(term.slope);
    return { variable, index: this.point[variable]! + steps };
  }

  #isWithinBounds(variables: readonly number[], indices: readonly number[]): boolean {
    for (let k = 0; k < variables.length; k++) {
      const { lower, upper } = this.space.variables[variables[k]!]!;
      if (indices[k]! < lower || indices[k]! > upper) return false;
    }
    return true;
  }

  #set(j: number, n: number): void {
    const old = this.point[j]!;
    if (old === n) return;
    this.point[j] = n;
    for (const part of this.#sumsOf[j]!)
      this.#sums[part.rule]! +=
        part.table === null ? part.slope * (n - old) : part.table[n]! - part.table[old]!;
    if (old > 0 !== n > 0) for (const rule of this.#countsOf[j]!) this.#used[rule]! += n > 0 ? 1 : -1;
  }

  #keepsRules(variables: readonly number[]): boolean {
    const { sums, counts, clauses } = this.space;
    for (const j of variables) {
      const n = this.point[j]!;
      if (n > 0 && n < this.minimum[j]! && this.space.variables[j]!.isAmount) return false;
      for (const { rule } of this.#sumsOf[j]!) {
        const sum = this.#sums[rule]!;
        if (sum < sums[rule]!.lower || sum > sums[rule]!.upper) return false;
      }
      for (const rule of this.#countsOf[j]!) {
        const used = this.#used[rule]!;
        if (used < counts[rule]!.min || used > counts[rule]!.max) return false;
      }
      for (const clause of this.#clausesOf[j]!)
        if (!holdsAny(clauses[clause]!.literals, this.point)) return false;
    }
    return true;
  }

  #measure(): number {
    const { space, point } = this;
    let violation = 0;
    space.sums.forEach((rule, r) => {
      violation += Math.abs(excessOf(rule, this.#sums[r]!)) / this.#scales[r]!;
    });
    space.counts.forEach(({ min, max }, c) => {
      const used = this.#used[c]!;
      violation += Math.max(0, used - max, min - used);
    });
    for (const { variable, value } of space.minimums) {
      const n = point[variable]!;
      if (n > 0 && n < value) violation += Math.min(n, value - n) / value;
    }
    for (const { literals } of space.clauses) if (!holdsAny(literals, point)) violation++;
    return violation;
  }
}

function scaleOf({ terms, lower, upper }: SumRule): number {
  let largest = 1;
  for (const term of terms)
    largest = Math.max(
      largest,
      'slope' in term ? Math.abs(term.slope) : term.table.reduce((a, b) => Math.max(a, Math.abs(b)), 0),
    );
  for (const limit of [lower, upper])
    if (Number.isFinite(limit)) largest = Math.max(largest, Math.abs(limit));
  return largest;
}

function contribution({ slope, table }: SumPart, n: number): number {
  return table === null ? slope * n : table[n]!;
}

/** How far a sum is above (positive) or below (negative) its limits. */
function excessOf({ lower, upper }: SumRule, sum: number): number {
  return sum > upper ? sum - upper : sum < lower ? sum - lower : 0;
}

function holdsAny(
  literals: readonly { readonly variable: number; readonly intervals: Intervals }[],
  point: Int32Array,
): boolean {
  for (const { variable, intervals } of literals) if (isWithin(intervals, point[variable]!)) return true;
  return false;
}
