import type { OutOfFoldPredictions } from '@athanor/schema';
import type { CalibratedModel } from './surrogatesOfModels.ts';

/**
 * What a session keeps of the rows it held out, as a design wants it: by row of the table the session was built from.
 *
 * @param kept of the targets of one model
 * @param rowCount of that table
 * @returns null when the file is older than the scores in it
 */
export function heldOutScores(
  kept: readonly OutOfFoldPredictions[],
  rowCount: number,
): CalibratedModel['heldOut'] {
  if (kept.some(({ zScores }) => zScores === undefined)) return null;
  return Object.fromEntries(
    kept.map(({ target, rows, measured, standardDeviation, zScores }) => {
      const place = (values: readonly number[]): Float64Array => {
        const all = new Float64Array(rowCount).fill(NaN);
        rows.forEach((row, i) => {
          if (row <= rowCount) all[row - 1] = values[i]!;
        });
        return all;
      };
      return [target, { y: place(measured), sd: place(standardDeviation), z: place(zScores!) }];
    }),
  );
}
