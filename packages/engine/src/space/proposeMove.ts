import type { Generator } from '../random/generator.ts';
import type { CompiledSpace, LatticeVariable } from './compiledSpace.ts';
import type { SpaceWalker } from './spaceWalker.ts';

/** A change of some indices. */
export interface Move {
  readonly variables: readonly number[];
  readonly indices: readonly number[];
}

/** What moves need to know of a space, worked out once. */
export interface MoveTable {
  readonly amounts: readonly number[];
  /** Everything else that can take more than one value. */
  readonly others: readonly number[];
  /** Size of a step of each amount, as whole multiples of a common unit [d]. */
  readonly stepSizes: Float64Array;
}

export function moveTable({ variables }: CompiledSpace): MoveTable {
  const amounts: number[] = [];
  const others: number[] = [];
  const stepSizes = new Float64Array(variables.length).fill(1);
  const denominator = variables.reduce(
    (most, variable) => (variable.isAmount ? Math.max(most, variable.denominator) : most),
    1,
  );
  variables.forEach((variable, j) => {
    if (variable.lower === variable.upper) return;
    if (!variable.isAmount) {
      others.push(j);
      return;
    }
    amounts.push(j);
    stepSizes[j] = variable.step * (denominator / variable.denominator);
  });
  return { amounts, others, stepSizes };
}

/**
 * A random change that has a chance to keep all rules: settings jump or shift, categories flip, amounts pass between
 * ingredients so that their total stays, one ingredient takes the place of another, or is divided among two.
 *
 * @param reach greatest share of a range that a shift may cover: 1 to roam, less to stay near
 */
export function proposeMove(
  walker: SpaceWalker,
  table: MoveTable,
  generator: Generator,
  reach: number,
): Move | null {
  const { amounts, others } = table;
  if (amounts.length === 0 && others.length === 0) return null;
  const otherShare = amounts.length === 0 ? 1 : others.length === 0 ? 0 : 0.35;
  if (generator.uniform() < otherShare) return moveSetting(walker, pick(others, generator), generator, reach);
  const kind = generator.uniform();
  if (amounts.length === 1 || kind < 0.12)
    return moveSetting(walker, pick(amounts, generator), generator, reach);
  if (kind < 0.62) return transfer(walker, table, generator, reach);
  if (kind < 0.8) return exchange(walker, table, generator);
  return divide(walker, table, generator, reach);
}

function pick<T>(items: readonly T[], generator: Generator): T {
  return items[generator.integer(items.length)]!;
}

/** 1 .. most, small numbers as likely as large ones. */
function logUniform(most: number, generator: Generator): number {
  return Math.max(1, Math.min(most, Math.floor(Math.exp(generator.uniform() * Math.log(most + 1)))));
}

function moveSetting(walker: SpaceWalker, j: number, generator: Generator, reach: number): Move {
  const variable = walker.space.variables[j]!;
  const { lower, upper } = variable;
  const n = walker.point[j]!;
  const isOrdered = variable.kind === 'lattice' || typeof variable.values[0] === 'number';
  if (!isOrdered || (reach === 1 && generator.uniform() < 0.5))
    return { variables: [j], indices: [lower + Math.floor(generator.uniform() * (upper - lower + 1))] };
  const most = Math.max(1, Math.floor(reach * (upper - lower)));
  const shift = logUniform(most, generator) * (generator.uniform() < 0.5 ? 1 : -1);
  return { variables: [j], indices: [Math.min(Math.max(n + shift, lower), upper)] };
}

/** Steps of i and of j that are worth the same. */
function equalSteps({ stepSizes }: MoveTable, i: number, j: number): [number, number] {
  const a = stepSizes[i]!;
  const b = stepSizes[j]!;
  if (a === b) return [1, 1];
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return [b / x, a / x];
}

/** Takes some of one amount and gives it to another. */
function transfer(walker: SpaceWalker, table: MoveTable, generator: Generator, reach: number): Move | null {
  const { point, space, minimum } = walker;
  const i = pickUsed(walker, table, generator);
  if (i === null) return null;
  const isToUsed = generator.uniform() < 0.7;
  const j = isToUsed ? pickUsed(walker, table, generator) : pick(table.amounts, generator);
  if (j === null || j === i) return null;
  const [a, b] = equalSteps(table, i, j);
  const giver = space.variables[i]!;
  const available = point[i]! - giver.lower;
  const all = Math.floor(available / a);
  if (all < 1) return null;
  const range = Math.max(1, Math.floor((reach * (giver.upper - giver.lower)) / a));
  let count = logUniform(Math.min(all, range), generator);
  // An ingredient that comes in brings its minimum.
  if (point[j] === 0) count = Math.max(count, Math.ceil(minimum[j]! / b));
  // What would be left below the minimum leaves altogether.
  const left = point[i]! - count * a;
  if (left > 0 && left < minimum[i]! && point[i]! % a === 0) count = point[i]! / a;
  return { variables: [i, j], indices: [point[i]! - count * a, point[j]! + count * b] };
}

/** One ingredient takes the whole place of another. */
function exchange(walker: SpaceWalker, table: MoveTable, generator: Generator): Move | null {
  const { point } = walker;
  const i = pickUsed(walker, table, generator);
  const j = pick(table.amounts, generator);
  if (i === null || i === j) return null;
  const [a, b] = equalSteps(table, i, j);
  const { lower } = walker.space.variables[i]!;
  const given = Math.floor((point[i]! - lower) / a);
  if (given === 0) return null;
  if (point[j]! > 0 && point[i]! % a === 0 && point[j]! % b === 0) {
    return { variables: [i, j], indices: [(point[j]! / b) * a, (point[i]! / a) * b] };
  }
  return { variables: [i, j], indices: [point[i]! - given * a, point[j]! + given * b] };
}

/** Three amounts: one gives to two, or two give to one. */
function divide(walker: SpaceWalker, table: MoveTable, generator: Generator, reach: number): Move | null {
  const { point, space } = walker;
  const i = pickUsed(walker, table, generator);
  const j = pickUsed(walker, table, generator);
  const k = pick(table.amounts, generator);
  if (i === null || j === null || i === j || i === k || j === k) return null;
  const [ai, bi] = equalSteps(table, i, k);
  const [aj, bj] = equalSteps(table, j, k);
  const most = (variable: number, step: number): number =>
    Math.floor(
      (reach * ((space.variables[variable] as LatticeVariable).upper - space.variables[variable]!.lower)) /
        step,
    );
  const sign = (): number => (generator.uniform() < 0.5 ? 1 : -1);
  const p = sign() * logUniform(Math.max(1, most(i, ai)), generator);
  const q = sign() * logUniform(Math.max(1, most(j, aj)), generator);
  return {
    variables: [i, j, k],
    indices: [point[i]! - p * ai, point[j]! - q * aj, point[k]! + p * bi + q * bj],
  };
}

function pickUsed(walker: SpaceWalker, { amounts }: MoveTable, generator: Generator): number | null {
  for (let attempt = 0; attempt < 12; attempt++) {
    const j = pick(amounts, generator);
    if (walker.point[j]! > 0) return j;
  }
  return null;
}
