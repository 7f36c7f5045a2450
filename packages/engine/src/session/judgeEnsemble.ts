import { constantModel } from '../models/constant.ts';
import { ensemble, type EnsembleFitted, type EnsembleMember } from '../models/ensemble.ts';
import { takeInputRows, type Inputs } from '../models/inputs.ts';
import type { ModelKind } from '../models/model.ts';
import { momentsOf } from '../posteriors/operations.ts';
import type { Posterior } from '../posteriors/posterior.ts';
import { widenPosterior } from '../posteriors/widenPosterior.ts';
import { hasFiniteScores } from '../selection/hasFiniteScores.ts';
import type { HeldOutFold } from '../selection/heldOutFold.ts';
import { scoreOutOfFold } from '../selection/scoreOutOfFold.ts';
import { weighEnsemble } from '../selection/weighEnsemble.ts';
import type { TargetPlan } from './buildPlan.ts';
import type { Verdict } from './verdict.ts';

/** A model of the session that may become a member. */
export interface JudgedCandidate {
  readonly kind: ModelKind;
  readonly name: string;
  readonly verdict: Verdict;
}

/**
 * What the models of a target make together, judged as if nobody had seen the rows it is judged on: in every fold the
 * members are weighed and calibrated by the rows outside it. The ensemble that is delivered has the weights that all
 * rows give. A sentence instead where its scores are no numbers.
 *
 * @param allInputs of all rows of the table
 * @param y of the target's rows [n]
 * @param candidates at least one
 */
export function judgeEnsemble(
  allInputs: Inputs,
  target: TargetPlan,
  y: Float64Array,
  candidates: readonly JudgedCandidate[],
): Verdict | string {
  const weights = weighEnsemble(
    candidates.map(({ kind, verdict }) => ({
      folds: verdict.folds,
      isBaseline: kind === constantModel.kind,
    })),
    y,
  );
  const folds = candidates[0]!.verdict.folds.map(({ repeat, rows }, f): HeldOutFold => ({
    repeat,
    rows,
    posterior: mix(
      weights.outside[f]!,
      candidates.map(({ verdict }) =>
        widenPosterior(verdict.folds[f]!.posterior, verdict.scores.outside[f]!.scale),
      ),
    ),
  }));
  const scores = scoreOutOfFold(folds, y);
  if (!hasFiniteScores(scores)) return 'its scores are not finite numbers';
  const members = candidates.flatMap(({ kind, name, verdict }, m): EnsembleMember[] => {
    const weight = weights.all[m]!;
    const { fitted, scores: own } = verdict;
    return weight === 0 ? [] : [{ kind, name, weight, scale: own.calibration.scale, fitted }];
  });
  const fitted: EnsembleFitted = { members };
  const posterior = ensemble.predict(fitted, takeInputRows(allInputs, target.rows));
  const { measurementSd } = momentsOf(widenPosterior(posterior, scores.calibration.scale));
  return {
    fitted,
    widestSd: measurementSd.reduce((most, sd) => Math.max(most, sd), 0),
    folds,
    scores,
    fitSeconds: candidates.reduce((sum, { verdict }) => sum + verdict.fitSeconds, 0),
    warnings: [],
    weights: members.map(({ name, weight }) => ({ model: name, weight })).sort((a, b) => b.weight - a.weight),
  };
}

/** The mixture of those with a weight. */
function mix(weights: Float64Array, posteriors: readonly Posterior[]): Posterior {
  const members = posteriors.filter((_, m) => weights[m]! > 0);
  if (members.length === 1) return members[0]!;
  const rowCount = momentsOf(members[0]!).mean.length;
  return {
    kind: 'mixture',
    weights: weights.filter((weight) => weight > 0),
    members,
    scale: new Float64Array(rowCount).fill(1),
  };
}
