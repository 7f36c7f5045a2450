import type { ComparedCandidates } from '@athanor/schema';
import { nondominated } from '../acquisition/hypervolume.ts';
import { jointProbability } from '../acquisition/jointProbability.ts';
import { gainOf, type ResolvedObjective } from '../acquisition/resolvedObjective.ts';
import { screenCandidates } from '../acquisition/screenCandidates.ts';
import { momentsOf, type PosteriorMoments } from '../posteriors/operations.ts';
import { valueOf, type CompiledSpace } from '../space/compiledSpace.ts';
import { PointSet } from '../space/pointSet.ts';
import type { DesignRequest } from './designRequest.ts';
import { pointsToInputs } from './pointsToInputs.ts';

/** What a choice of candidates went through. */
export interface ComparedPoints {
  /** All that were drawn. */
  readonly drawn: PointSet;
  /** Those of them that every member of the models was asked about. */
  readonly kept: PointSet;
  /** What the models said of these, perhaps coarsely, one an objective. */
  readonly moments: readonly PosteriorMoments[];
  /** The best of these, what climbing from them found, and what was chosen. */
  readonly last: PointSet;
}

/** Points that stand for all that were drawn. */
const mostEven = 1000;
/** Further points that lie on the front. */
const mostOnFront = 500;

/** A bounded picture of what was compared: some that stand for all, and the front; numbers are those of the full models. */
export function pictureCompared(
  { surrogates, measured, errorCorrelation, errors }: DesignRequest,
  objectives: readonly ResolvedObjective[],
  compiled: CompiledSpace,
  { drawn, kept, moments, last }: ComparedPoints,
): ComparedCandidates {
  const set = new PointSet(compiled, mostEven + mostOnFront + last.count);
  for (const i of takeEvenly(drawn.count, mostEven)) set.add(drawn.at(i));
  const evenCount = set.count;
  const front = frontOf(objectives, moments, criteriaScores(objectives, moments));
  for (const i of takeEvenly(front.length, mostOnFront)) set.add(kept.at(front[i]!));
  for (let i = 0; i < last.count; i++) set.add(last.at(i));

  const inputs = pointsToInputs(compiled, set.points, measured.inputs);
  const posteriors = surrogates.map((surrogate) => surrogate.predict(inputs));
  const { all } = jointProbability(objectives, posteriors, errorCorrelation, errors);
  const predicted = posteriors.map(momentsOf);
  const isOnFront = new Uint8Array(set.count);
  for (const i of frontOf(objectives, predicted, all)) isOnFront[i] = 1;

  const others = Array.from({ length: set.count - evenCount }, (_, i) => evenCount + i);
  const best = others.filter((i) => isOnFront[i] === 1);
  const shown = [
    ...Array.from({ length: evenCount }, (_, i) => i),
    ...takeEvenly(best.length, mostOnFront).map((i) => best[i]!),
  ];
  const pick = (values: Float64Array): number[] => shown.map((i) => values[i]!);
  const places = new Map(objectives.map(({ key }, t) => [key, t]));
  return {
    version: 1,
    count: drawn.count,
    evenCount,
    inputs: Object.fromEntries(
      compiled.variables.map((variable, j) => [
        variable.key,
        shown.map((i) => valueOf(variable, set.at(i)[j]!)),
      ]),
    ),
    predictions: Array.from(places, ([target, t]) => ({
      target,
      mean: pick(predicted[t]!.mean),
      standardDeviation: pick(predicted[t]!.measurementSd),
    })),
    probabilityOfAll: all === null ? null : pick(all),
    isOnFront: shown.map((i) => isOnFront[i] === 1),
  };
}

/** At most `most` of the places 0 … count - 1, at even steps from the first on. */
function takeEvenly(count: number, most: number): number[] {
  const taken = Math.min(count, most);
  return Array.from({ length: taken }, (_, i) => Math.floor((i * count) / taken));
}

/** Places that no other is at least as good as in every mean that is wanted and in the chance to meet the criteria. */
function frontOf(
  objectives: readonly ResolvedObjective[],
  moments: readonly PosteriorMoments[],
  chances: Float64Array | null,
): number[] {
  const wanted = objectives.flatMap((objective, t) => (objective.goal === 'meet' ? [] : [t]));
  const points = Array.from(moments[0]!.mean, (_, i) => {
    const gains = wanted.map((t) => gainOf(objectives[t]!, moments[t]!.mean[i]!));
    return Float64Array.from(chances === null ? gains : [...gains, chances[i]!]);
  });
  const front = new Set(nondominated(points));
  return points.flatMap((point, i) => (front.has(point) ? [i] : []));
}

/** Orders candidates by the chance that they meet the criteria, errors taken for normal [m]; null without any. */
function criteriaScores(
  objectives: readonly ResolvedObjective[],
  moments: readonly PosteriorMoments[],
): Float64Array | null {
  const places = objectives.flatMap(({ intervals }, t) => (intervals === null ? [] : [t]));
  if (places.length === 0) return null;
  const [scores] = screenCandidates(
    places.map((t) => ({ ...objectives[t]!, goal: 'meet' })),
    places.map((t) => moments[t]!),
    [{ optimism: 0, weights: [] }],
  );
  return scores!;
}
