import type { Applicability, Candidate, InputRow, Prediction } from '@athanor/schema';
import { jointProbability } from '../acquisition/jointProbability.ts';
import { gainOf, type ResolvedObjective } from '../acquisition/resolvedObjective.ts';
import { momentsOf, valuesAt } from '../posteriors/operations.ts';
import type { Posterior } from '../posteriors/posterior.ts';
import { checkCandidate } from '../space/checkCandidate.ts';
import type { CompiledSpace } from '../space/compiledSpace.ts';
import { pointToRow } from '../space/pointToRow.ts';
import type { ApplicabilityJudge } from './applicabilityJudge.ts';
import type { DesignRequest } from './designRequest.ts';
import { inputsToRows } from './inputsToRows.ts';
import { distanceScale, nearestRows } from './nearestRows.ts';
import { pointsToInputs } from './pointsToInputs.ts';
import { priceOf } from './priceOf.ts';

const level = 0.9;
/** Limits nearer than this share of their number are worth mentioning. */
const nearLimit = 0.05;

/**
 * Everything that a chemist should know of chosen points before going to the bench.
 *
 * @param scores value of each when it was chosen; empty for a design without models
 * @param judge of the measured rows; null without any
 */
export function describeCandidates(
  request: Pick<DesignRequest, 'space' | 'surrogates' | 'measured' | 'errorCorrelation' | 'errors'>,
  objectives: readonly ResolvedObjective[],
  compiled: CompiledSpace,
  points: readonly Int32Array[],
  scores: readonly number[],
  judge: ApplicabilityJudge | null,
): Candidate[] {
  if (points.length === 0) return [];
  const { space, surrogates, measured } = request;
  const d = compiled.variables.length;
  const all = new Int32Array(points.length * d);
  points.forEach((point, i) => all.set(point, i * d));
  const inputs = pointsToInputs(compiled, all, measured.inputs);
  const posteriors = surrogates.map((surrogate) => surrogate.predict(inputs));
  const k = objectives.length;
  const { errorCorrelation, errors } = request;
  const probabilities = k === 0 ? null : jointProbability(objectives, posteriors, errorCorrelation, errors);
  const predictions = posteriors.map((posterior, t) =>
    predictionsOf(posterior, surrogates[t]!.halfWidth(level)),
  );
  const applicability = judge?.(inputs) ?? null;
  const nearest = judge === null ? null : findNearest(request, inputs);
  const positive = scores.map((score) => Math.max(0, score));
  const total = positive.reduce((sum, score) => sum + score, 0);
  const reasons = explainChoices(objectives, posteriors, measured.targets, applicability, points.length);
  return points.map((point, i): Candidate => {
    const row = pointToRow(compiled, point);
    return {
      rank: i + 1,
      inputs: row,
      predictions: objectives.map(({ key }, t) => ({
        target: key,
        prediction: predictions[t]![i]!,
        probability: probabilities?.each[t]?.[i] ?? null,
      })),
      probabilityOfAll: probabilities?.all?.[i] ?? null,
      probabilityOfAllIndependent: probabilities?.independent?.[i] ?? null,
      score: scores[i] ?? null,
      shareOfImprovement: scores.length === 0 ? null : total > 0 ? positive[i]! / total : 0,
      reason: k === 0 ? 'spread' : reasons[i]!,
      applicability: applicability?.[i] ?? null,
      nearest: nearest?.[i] ?? null,
      cost: priceOf(space, row),
      slack: nearLimits(request, row),
    };
  });
}

function predictionsOf(posterior: Posterior, width: number): Prediction[] {
  const { mean, modelSd, measurementSd } = momentsOf(posterior);
  const lower = valuesAt(posterior, -width);
  const upper = valuesAt(posterior, width);
  return Array.from(mean, (value, i) => ({
    mean: value,
    standardDeviation: measurementSd[i]!,
    modelStandardDeviation: modelSd[i]!,
    interval: { lower: lower[i]!, upper: upper[i]!, level },
  }));
}

/**
 * A candidate within the data whose mean gain reaches nine tenths of the best measured gain is proposed for what is known
 * of it. Of one outside nothing is known, however good its mean.
 */
function explainChoices(
  objectives: readonly ResolvedObjective[],
  posteriors: readonly Posterior[],
  observed: readonly Float64Array[],
  applicability: readonly Applicability[] | null,
  count: number,
): ('exploit' | 'explore')[] {
  const moments = posteriors.map(momentsOf);
  return Array.from({ length: count }, (_, i) => {
    if (applicability?.[i]?.class === 'outside') return 'explore';
    const isSure = objectives.every((objective, t) => {
      if (objective.goal === 'meet') {
        const mean = moments[t]!.mean[i]!;
        return objective.intervals!.some(([low, high]) => mean >= low && mean <= high);
      }
      if (objectives.length > 1) return gainOf(objective, moments[t]!.mean[i]!) >= 0;
      let best = -Infinity;
      for (const y of observed[t]!) if (!Number.isNaN(y)) best = Math.max(best, gainOf(objective, y));
      return gainOf(objective, moments[t]!.mean[i]!) >= 0.9 * best;
    });
    return isSure ? 'exploit' : 'explore';
  });
}

function findNearest(
  { measured }: Pick<DesignRequest, 'measured'>,
  inputs: DesignRequest['measured']['inputs'],
): NonNullable<Candidate['nearest']>[] {
  const scale = distanceScale(measured.inputs);
  const X = scale.encode(inputs);
  const measuredRows = inputsToRows(measured.inputs);
  return inputsToRows(inputs).map((row, i) => {
    const { row: r, distance } = nearestRows(scale.measured, X, i, 1)[0]!;
    const old = measuredRows[r]!;
    return {
      row: measured.tableRows[r]!,
      distance,
      differences: Object.keys(row)
        .filter((key) => row[key] !== old[key])
        .map((key) => ({ key, measured: cellOf(old, key), proposed: cellOf(row, key) })),
    };
  });
}

function cellOf(row: InputRow, key: string): number | string | null {
  const cell = row[key];
  return typeof cell === 'number' || typeof cell === 'string' ? cell : null;
}

function nearLimits({ space }: Pick<DesignRequest, 'space'>, row: InputRow): Candidate['slack'] {
  return checkCandidate({ variables: space.variables, constraints: space.constraints }, row).flatMap(
    ({ path, slack }) => {
      if (slack === null) return [];
      const [kind, place] = path.split('/') as [string, string];
      if (kind === 'constraints') {
        const constraint = space.constraints[Number(place)]!;
        // A total has no room by its nature.
        return constraint.kind === 'total' ? [] : [{ path, slack }];
      }
      const variable = space.variables[Number(place)]!;
      if (!('lower' in variable) || slack > nearLimit * (variable.upper - variable.lower)) return [];
      // An ingredient left out is no limit reached.
      return variable.kind === 'amount' && row[variable.key] === 0 ? [] : [{ path, slack }];
    },
  );
}
