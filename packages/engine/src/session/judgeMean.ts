import { constantModel } from '../models/constant.ts';
import { takeInputRows, type Inputs } from '../models/inputs.ts';
import { createGenerator } from '../random/createGenerator.ts';
import type { HeldOutFold } from '../selection/heldOutFold.ts';
import { scoreOutOfFold, type OutOfFoldScores } from '../selection/scoreOutOfFold.ts';
import type { TargetPlan } from './buildPlan.ts';
import { fitParts, foldRows } from './foldRows.ts';

/**
 * Scores of the mean of the data on the folds of a target: what every model is compared with.
 *
 * @param allInputs of all rows of the table
 * @param y of the target's rows [n]
 */
export function judgeMean(allInputs: Inputs, target: TargetPlan, y: Float64Array): OutOfFoldScores {
  const inputs = takeInputRows(allInputs, target.rows);
  const folds = fitParts(target).flatMap((part): HeldOutFold[] => {
    if (part.type === 'full') return [];
    const { training, heldOut } = foldRows(target, part);
    const data = {
      inputs: takeInputRows(inputs, training),
      y: Float64Array.from(training, (i) => y[i]!),
      groups: training.map((i) => target.groups[i]!),
    };
    const { fitted } = constantModel.fit(data, {}, createGenerator(0));
    const posterior = constantModel.predict(fitted, takeInputRows(inputs, heldOut));
    return [{ repeat: part.repeat, rows: heldOut, posterior }];
  });
  return scoreOutOfFold(folds, y);
}
