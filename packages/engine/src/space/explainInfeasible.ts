import type { InputRow } from '@athanor/schema';
import type { CompiledSpace } from './compiledSpace.ts';
import { findPoint } from './findPoint.ts';
import type { LinearSolver } from './linearSolver.ts';
import { pointToRow } from './pointToRow.ts';
import { SpaceProgram } from './spaceProgram.ts';
import { sumAt } from './violations.ts';

/** A change of one limit that helps. */
export interface Relaxation {
  /** Place in the search space, e.g. `constraints/2`. */
  readonly path: string;
  /** What to do, e.g. `raise the maximum from 10 to 12`. */
  readonly advice: string;
}

/** Why a space is empty. */
export interface Infeasibility {
  /** Each a smallest set of things that cannot hold together: leave one out and the others of it can. */
  readonly conflicts: readonly {
    readonly paths: readonly string[];
    readonly message: string;
  }[];
  /** The least change, in proportion to the limits, that makes the space feasible. */
  readonly relaxations: readonly Relaxation[];
  /** An experiment that obeys everything but what the relaxations name; null when the solver found none. */
  readonly nearest: InputRow | null;
}

/**
 * Why no point obeys everything: minimal conflicts by divide and conquer (Junker 2004, QuickXplain) until without all of
 * them the space is feasible, then the cheapest set of broken limits by an elastic program. Null for a feasible space.
 *
 * @throws EngineError with code SPACE_UNDECIDED when the solver can decide neither way
 */
export function explainInfeasible(space: CompiledSpace, solver: LinearSolver): Infeasibility | null {
  const isFeasible = (active: ReadonlySet<number>): boolean =>
    findPoint(space, solver, { isActive: (source) => active.has(source) }) !== null;
  const all = space.sources.map((_, source) => source);
  if (isFeasible(new Set(all))) return null;

  const conflicts: number[][] = [];
  const left = new Set(all);
  // Every round takes at least one source away, so this ends.
  while (!isFeasible(left)) {
    const conflict = findConflict([...left], isFeasible);
    if (conflict.length === 0) break;
    conflicts.push(conflict);
    for (const source of conflict) left.delete(source);
  }
  return {
    conflicts: conflicts.map((conflict) => {
      const sorted = conflict.sort((a, b) => a - b);
      const texts = sorted.map((source) => space.sources[source]!.text);
      return {
        paths: sorted.map((source) => space.sources[source]!.path),
        message:
          texts.length === 1
            ? `It cannot be that ${texts[0]}.`
            : `These cannot hold together: ${texts.join('; ')}.`,
      };
    }),
    ...relax(space, solver, new Set(conflicts.flat())),
  };
}

/** A minimal infeasible subset of infeasible sources. */
function findConflict(sources: number[], isFeasible: (active: ReadonlySet<number>) => boolean): number[] {
  const search = (background: number[], hasChanged: boolean, candidates: number[]): number[] => {
    if (hasChanged && !isFeasible(new Set(background))) return [];
    if (candidates.length === 1) return candidates;
    const half = candidates.length >> 1;
    const first = candidates.slice(0, half);
    const second = candidates.slice(half);
    const inSecond = search([...background, ...first], first.length > 0, second);
    const inFirst = search([...background, ...inSecond], inSecond.length > 0, first);
    return [...inFirst, ...inSecond];
  };
  return search([], true, sources);
}

/** The cheapest way out: limits of the conflicts may give, everything else holds. */
function relax(
  space: CompiledSpace,
  solver: LinearSolver,
  elastic: ReadonlySet<number>,
): Pick<Infeasibility, 'relaxations' | 'nearest'> {
  const program = new SpaceProgram(space, {
    isElastic: (source) => elastic.has(source),
    excluded: space.excluded.filter(({ source }) => elastic.has(source)).slice(0, 50),
  });
  const solved = program.solve(solver, undefined, { gap: 1e-3, maxNodes: 20_000 });
  if (solved === null) return { relaxations: [], nearest: null };
  const { point, broken } = solved;
  const relaxations = [...broken]
    .sort((a, b) => a - b)
    .map((source) => ({ path: space.sources[source]!.path, advice: advise(space, source, point) }));
  return { relaxations, nearest: pointToRow(space, point) };
}

function advise(space: CompiledSpace, source: number, point: Int32Array): string {
  const boundsFrom = space.sources.length - space.variables.length;
  if (source >= boundsFrom) {
    const variable = space.variables[source - boundsFrom]!;
    if (variable.kind === 'list') return 'allow another value';
    const n = point[source - boundsFrom]!;
    const value = (index: number): number => (variable.base + index * variable.step) / variable.denominator;
    return n > variable.upper
      ? `raise the upper bound of ${variable.key} from ${value(variable.upper)} to ${value(n)}`
      : `lower the lower bound of ${variable.key} from ${value(variable.lower)} to ${value(n)}`;
  }
  for (const rule of space.sums) {
    if (rule.source !== source) continue;
    const sum = sumAt(rule.terms, point);
    const shown = (amount: number): number => Number(((amount + rule.offset) * rule.unit).toPrecision(12));
    if (sum > rule.upper) return `raise the limit from ${shown(rule.upper)} to ${shown(sum)}`;
    if (sum < rule.lower) return `lower the limit from ${shown(rule.lower)} to ${shown(sum)}`;
  }
  for (const rule of space.counts) {
    if (rule.source !== source) continue;
    const used = rule.variables.filter((j) => point[j]! > 0).length;
    if (used > rule.max) return `raise the largest count from ${rule.max} to ${used}`;
    if (used < rule.min) return `lower the smallest count from ${rule.min} to ${used}`;
  }
  for (const rule of space.minimums) {
    const n = point[rule.variable]!;
    if (rule.source !== source || n === 0 || n >= rule.value) continue;
    const variable = space.variables[rule.variable]!;
    if (variable.kind === 'lattice')
      return `lower the minimum of ${variable.key} to ${(variable.base + n * variable.step) / variable.denominator}`;
  }
  return 'leave it out';
}
