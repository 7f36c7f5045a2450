import { screenCandidates, type Lens } from '../acquisition/screenCandidates.ts';
import type { ResolvedObjective } from '../acquisition/resolvedObjective.ts';
import type { PosteriorMoments } from '../posteriors/operations.ts';
import type { Generator } from '../random/generator.ts';
import type { CompiledSpace } from '../space/compiledSpace.ts';
import type { PointSet } from '../space/pointSet.ts';
import { moveTable, proposeMove } from '../space/proposeMove.ts';
import { SpaceWalker } from '../space/spaceWalker.ts';

/** Climbers a lens. */
const climbersPerLens = 6;
/** Neighbours tried by each in a round. */
const neighbours = 24;
const rounds = 14;
/** Reach of a move in the first and the last round, as a share of a range. */
const firstReach = 0.3;
const lastReach = 1e-3;

/**
 * Climbs from the best points seen through each lens, by moves that keep every rule and get shorter from round to round.
 * Needs no gradients, so that trees are refined as well as processes.
 *
 * @param predict moments of points [count, d], one an objective
 * @param starts points to begin at, best first, one list a lens
 * @returns where each climber ended, added to `found`
 */
export function climb(
  space: CompiledSpace,
  objectives: readonly ResolvedObjective[],
  lenses: readonly Lens[],
  starts: readonly (readonly Int32Array[])[],
  predict: (points: Int32Array) => readonly PosteriorMoments[],
  found: PointSet,
  generator: Generator,
  progress: (share: number) => void,
): void {
  const d = space.variables.length;
  const table = moveTable(space);
  const walker = new SpaceWalker(space);
  const climbers = lenses.flatMap((lens, l) =>
    starts[l]!.slice(0, climbersPerLens).map((point) => ({ lens, point: point.slice(), score: -Infinity })),
  );
  if (climbers.length === 0) return;
  for (let round = 0; round < rounds; round++) {
    const reach = firstReach * (lastReach / firstReach) ** (round / (rounds - 1));
    const points = new Int32Array(climbers.length * (neighbours + 1) * d);
    const counts = climbers.map((climber, c) => {
      const first = c * (neighbours + 1);
      points.set(climber.point, first * d);
      let count = 1;
      for (let attempt = 0; attempt < 3 * neighbours && count <= neighbours; attempt++) {
        walker.moveTo(climber.point);
        const move = proposeMove(walker, table, generator, reach);
        if (move === null || !walker.tryMove(move.variables, move.indices)) continue;
        points.set(walker.point, (first + count) * d);
        count++;
      }
      // What is left of the row of neighbours repeats the climber.
      for (let k = count; k <= neighbours; k++) points.set(climber.point, (first + k) * d);
      return count;
    });
    const moments = predict(points);
    climbers.forEach((climber, c) => {
      const first = c * (neighbours + 1);
      const own = moments.map((one) => sliceMoments(one, first, first + counts[c]!));
      const [scores] = screenCandidates(objectives, own, [climber.lens]) as [Float64Array];
      let best = 0;
      for (let k = 1; k < scores.length; k++) if (scores[k]! > scores[best]!) best = k;
      climber.score = scores[best]!;
      climber.point.set(points.subarray((first + best) * d, (first + best + 1) * d));
      // Second best places are of use too: the batch wants several.
      if (round >= rounds / 2) found.add(climber.point);
    });
    progress((round + 1) / rounds);
  }
}

function sliceMoments(
  { mean, modelSd, measurementSd }: PosteriorMoments,
  from: number,
  to: number,
): PosteriorMoments {
  return {
    mean: mean.subarray(from, to),
    modelSd: modelSd.subarray(from, to),
    measurementSd: measurementSd.subarray(from, to),
  };
}
