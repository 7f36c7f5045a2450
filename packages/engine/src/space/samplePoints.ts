import type { Generator } from '../random/generator.ts';
import type { CompiledSpace } from './compiledSpace.ts';
import { findPoint } from './findPoint.ts';
import type { LinearSolver } from './linearSolver.ts';
import { PointSet } from './pointSet.ts';
import { moveTable, proposeMove, type MoveTable } from './proposeMove.ts';
import { SpaceWalker } from './spaceWalker.ts';
import { violations } from './violations.ts';

export interface SampleOptions {
  /** Points wanted; fewer come back when the space has not as many, or hardly. */
  readonly count: number;
  /** Feasible points to start from as well, e.g. experiments already made. */
  readonly starts?: readonly Int32Array[];
}

/** Spaces of at most this many combinations are gone through one by one. */
const enumerable = 200_000;
/** Walks that share the work; their starts are as different as can be. */
const walkCount = 48;
/** Fewer starts than this by repairing random points, and the solver is asked for more. */
const fewStarts = 12;
/** Moves between two points taken. */
const thinning = 6;
/** Moves before the first point of a walk is taken. */
const burnIn = 200;
/** Share of the moves that repeat the difference of two other points: these keep every equality. */
const differenceShare = 0.08;

/**
 * Different points spread over the whole space, every one exactly feasible; none when there is none. Small spaces are
 * enumerated. In others random points are repaired, or the solver finds corners in random directions, and from there
 * random walks roam whose every step keeps all rules (Metropolis et al. 1953, with a constant density). The work is
 * bounded by `count` and by the search tree of the solver.
 *
 * @throws EngineError with code SPACE_UNDECIDED
 */
export function samplePoints(
  space: CompiledSpace,
  solver: LinearSolver,
  generator: Generator,
  { count, starts = [] }: SampleOptions,
): PointSet {
  const set = new PointSet(space, Math.min(count, 200_000));
  const size = space.variables.reduce((product, { lower, upper }) => product * (upper - lower + 1), 1);
  if (size <= enumerable) {
    enumerate(space, set, count, generator);
    return set;
  }
  const table = moveTable(space);
  const found = findStarts(space, solver, generator, starts);
  if (found.length === 0) return set;
  const walkers = found.map((start) => {
    const walker = new SpaceWalker(space);
    walker.moveTo(start);
    return walker;
  });
  for (const walker of walkers) if (set.count < count) set.add(walker.point);
  for (const walker of walkers)
    for (let move = 0; move < burnIn; move++) step(walker, walkers, table, generator);
  // Rounds without enough new points mean that the space is nearly exhausted.
  let patience = 20;
  while (set.count < count && patience > 0) {
    let added = 0;
    for (const walker of walkers) {
      for (let move = 0; move < thinning; move++) step(walker, walkers, table, generator);
      if (set.count < count && set.add(walker.point)) added++;
    }
    if (added * 10 < walkers.length) patience--;
  }
  return set;
}

function step(
  walker: SpaceWalker,
  walkers: readonly SpaceWalker[],
  table: MoveTable,
  generator: Generator,
): void {
  if (walkers.length > 2 && generator.uniform() < differenceShare) {
    const a = walkers[generator.integer(walkers.length)]!.point;
    const b = walkers[generator.integer(walkers.length)]!.point;
    addDifference(walker, a, b, generator);
    return;
  }
  const move = proposeMove(walker, table, generator, 1);
  if (move !== null) walker.tryMove(move.variables, move.indices);
}

/** x + k (a - b) / g, g the greatest common divisor of the differences, k a small whole number of either sign. */
function addDifference(walker: SpaceWalker, a: Int32Array, b: Int32Array, generator: Generator): void {
  const variables: number[] = [];
  let divisor = 0;
  for (let j = 0; j < a.length; j++) {
    const difference = a[j]! - b[j]!;
    if (difference === 0 || walker.space.variables[j]!.kind === 'list') continue;
    variables.push(j);
    let [x, y] = [divisor, Math.abs(difference)];
    while (y > 0) [x, y] = [y, x % y];
    divisor = x;
  }
  if (variables.length === 0) return;
  const times = 1 + Math.floor(generator.uniform() ** 2 * divisor);
  const sign = generator.uniform() < 0.5 ? 1 : -1;
  const indices = variables.map((j) => walker.point[j]! + (sign * times * (a[j]! - b[j]!)) / divisor);
  walker.tryMove(variables, indices);
}

/** All feasible points, in random order when there are more than wanted. */
function enumerate(space: CompiledSpace, set: PointSet, count: number, generator: Generator): void {
  const { variables } = space;
  const point = Int32Array.from(variables, ({ lower }) => lower);
  const all: Int32Array[] = [];
  for (;;) {
    if (violations(space, point).size === 0) all.push(point.slice());
    let j = 0;
    while (j < variables.length && point[j] === variables[j]!.upper) {
      point[j] = variables[j]!.lower;
      j++;
    }
    if (j === variables.length) break;
    point[j]!++;
  }
  if (all.length > count) generator.shuffle(all);
  for (const one of all.slice(0, count)) set.add(one);
}

/** Feasible points far apart: those given, random ones repaired, corners found by the solver. */
function findStarts(
  space: CompiledSpace,
  solver: LinearSolver,
  generator: Generator,
  given: readonly Int32Array[],
): Int32Array[] {
  const starts = generator
    .shuffle(given.filter((point) => isInside(space, point) && withoutExcluded(space, point)))
    .slice(0, walkCount / 2);
  const walker = new SpaceWalker(space);
  let repaired = 0;
  for (let attempt = 0; attempt < 3 * walkCount && repaired < walkCount / 2; attempt++) {
    // A space in which nothing can be repaired is left to the solver soon.
    if (attempt === walkCount && repaired === 0) break;
    walker.moveTo(drawPoint(walker, generator));
    if (repair(walker, generator)) {
      starts.push(walker.point.slice());
      repaired++;
    }
  }
  for (let attempt = 0; starts.length < fewStarts && attempt < fewStarts; attempt++) {
    const point = findPoint(space, solver, {
      costs: (j) => {
        const { lower, upper } = space.variables[j]!;
        return generator.normal() / (space.variables[j]!.kind === 'list' ? 1 : upper - lower + 1);
      },
      solve: { gap: 0.5 },
    });
    if (point === null) return starts;
    starts.push(point);
  }
  return starts;
}

function isInside(space: CompiledSpace, point: Int32Array): boolean {
  return space.variables.every(({ lower, upper }, j) => point[j]! >= lower && point[j]! <= upper);
}

/** Whether nothing is broken but what only says that it was made before. */
function withoutExcluded(space: CompiledSpace, point: Int32Array): boolean {
  return violations({ ...space, excluded: [] }, point).size === 0;
}

/** Settings at random; a few ingredients, as many as the counts allow, at random amounts. */
function drawPoint({ space, minimum }: SpaceWalker, generator: Generator): Int32Array {
  const amounts = space.variables.filter(({ isAmount }) => isAmount).length;
  const most = space.counts.reduce((least, { max }) => Math.min(least, max), amounts);
  const wanted = most < 1 ? 0 : 1 + generator.integer(most);
  return Int32Array.from(space.variables, ({ lower, upper, isAmount }, j) => {
    if (isAmount && lower === 0 && generator.uniform() > wanted / amounts) return 0;
    const from = isAmount ? Math.min(Math.max(lower, minimum[j]!), upper) : lower;
    return from + Math.floor(generator.uniform() * (upper - from + 1));
  });
}

/** Mends broken rules one at a time, with a step for the worse now and then. */
function repair(walker: SpaceWalker, generator: Generator): boolean {
  const moves = 60 + 8 * walker.space.variables.length;
  for (let move = 0; move < moves && walker.violation > 0; move++) {
    const proposal = walker.proposeRepair(generator);
    if (proposal === null) break;
    const { variable, index } = proposal;
    if (walker.tryMove([variable], [index])) continue;
    if (generator.uniform() < 0.15) walker.force(variable, index);
  }
  return walker.violation === 0;
}
