/** What a built model is worth on rows that no part of the session has seen. */
import { loadSessionModel, type Table } from '@athanor/engine';
import type { InputRow } from '@athanor/schema';
import { rowsToInputs } from '../../packages/engine/src/artifact/rowsToInputs.ts';
import { findPredictor } from '../../packages/engine/src/models/predictors.ts';
import { logDensitiesOf, momentsOf, zScoresOf } from '../../packages/engine/src/posteriors/operations.ts';
import { widenPosterior } from '../../packages/engine/src/posteriors/widenPosterior.ts';
import { crps } from '../../packages/engine/src/scores/crps.ts';
import { rmse } from '../../packages/engine/src/scores/rmse.ts';
import { levelOf } from '../../packages/engine/src/selection/calibration.ts';
import type { NumericColumn } from '../../packages/engine/src/table/column.ts';

export interface TestScores {
  readonly rmse: number;
  readonly crps: number;
  readonly nll: number;
  /** Share of the rows inside the 90 % interval. */
  readonly coverage90: number;
  /** For each row the level from which intervals hold it. */
  readonly levels: readonly number[];
}

export function scoreModel(artifact: Uint8Array, test: Table, key: string): TestScores {
  const model = loadSessionModel(artifact);
  const target = model.targets.find((one) => one.key === key)!;
  const y = (test.columns.find((column) => column.key === key) as NumericColumn).values;
  const inputs = rowsToInputs(model, rowsOf(test, key), null);
  const { scale } = target.calibration;
  const posterior = widenPosterior(findPredictor(model.kind).predict(target.fitted, inputs), scale);
  const levels = Array.from(zScoresOf(posterior, y), (z) => levelOf(target.calibration, z));
  const mean = (values: Iterable<number>): number =>
    Array.from(values).reduce((sum, value) => sum + value / y.length, 0);
  return {
    rmse: rmse(momentsOf(posterior).mean, y),
    crps: mean(crps(posterior, y)),
    nll: -mean(logDensitiesOf(posterior, y)),
    coverage90: mean(levels.map((level) => (level < 0.9 ? 1 : 0))),
    levels,
  };
}

function rowsOf({ columns, rowCount }: Table, target: string): InputRow[] {
  return Array.from({ length: rowCount }, (_, i) =>
    Object.fromEntries(
      columns
        .filter(({ key }) => key !== target)
        .map((column) => {
          if (column.kind !== 'numeric')
            return [column.key, column.codes[i]! < 0 ? null : column.levels[column.codes[i]!]!];
          return [column.key, Number.isNaN(column.values[i]!) ? null : column.values[i]!];
        }),
    ),
  );
}
