import { chooseDefault, type JudgedModel, type JudgedTarget } from '../selection/chooseDefault.ts';
import type { HeldOutFold } from '../selection/heldOutFold.ts';
import { scoreOutOfFold, type OutOfFoldScores } from '../selection/scoreOutOfFold.ts';
import { widenPosterior } from '../posteriors/widenPosterior.ts';
import type { Verdict } from './verdict.ts';

/** A model that could be chosen for a target. */
export interface ChoiceCandidate extends Pick<JudgedModel, 'name' | 'simplicity' | 'isBaseline'> {
  readonly verdict: Verdict;
}

/**
 * Scores of choosing a model by what is known without the rows it is judged on: for every fold the choice is made again
 * from the rows outside it. The winner's own score flatters it, because it won on the same rows; this one does not.
 *
 * @param candidates at least one
 * @param y of the target's rows [n]
 */
export function judgeChoice(
  candidates: readonly ChoiceCandidate[],
  target: JudgedTarget,
  y: Float64Array,
): OutOfFoldScores {
  const folds = candidates[0]!.verdict.folds.map(({ repeat, rows }, f): HeldOutFold => {
    const hide = (scores: Float64Array): Float64Array => {
      const left = scores.slice();
      for (const i of rows) left[i] = NaN;
      // With all rows held out at once there is nothing else to choose by.
      return left.every(Number.isNaN) ? scores : left;
    };
    const { model } = chooseDefault(
      candidates.map(({ verdict, ...one }) => ({ ...one, rowCrps: [hide(verdict.scores.rowCrps)] })),
      [{ ...target, baseline: hide(target.baseline) }],
    );
    const { verdict } = candidates[model]!;
    const posterior = widenPosterior(verdict.folds[f]!.posterior, verdict.scores.outside[f]!.scale);
    return { repeat, rows, posterior };
  });
  return scoreOutOfFold(folds, y);
}
