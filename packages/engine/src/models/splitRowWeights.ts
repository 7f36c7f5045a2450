import { EngineError } from '../engineError.ts';
import type { Inputs } from './inputs.ts';

/** Inputs apart from the column that says how much each row counts. */
export interface WeightedInputs {
  readonly inputs: Inputs;
  /** Weight of each row, divided by their mean [n]; ones without such a column. */
  readonly weights: Float64Array;
}

/**
 * @param weightColumn key of the input that holds weights instead of a condition; null where rows count alike
 * @throws EngineError COLUMN_UNKNOWN, VARIABLE_CONFLICT or CELL_INVALID when the column holds no weights
 */
export function splitRowWeights(inputs: Inputs, weightColumn: string | null): WeightedInputs {
  if (weightColumn === null) return { inputs, weights: new Float64Array(inputs.rowCount).fill(1) };
  const column = inputs.columns.find((input) => input.column.key === weightColumn)?.column;
  if (column === undefined)
    throw new EngineError('COLUMN_UNKNOWN', `there is no input ${weightColumn} to read weights from`, {
      column: weightColumn,
    });
  if (column.kind !== 'numeric')
    throw new EngineError('VARIABLE_CONFLICT', `${weightColumn} must be numeric to hold weights`, {
      column: weightColumn,
    });
  const row = column.values.findIndex((weight) => !(weight > 0));
  if (row >= 0)
    throw new EngineError(
      'CELL_INVALID',
      `${weightColumn} must be a weight above zero in every row; ${column.values[row]} is none`,
      { column: weightColumn },
    );
  // Over the largest first, so that the sum of enormous weights stays finite.
  const largest = column.values.reduce((most, weight) => Math.max(most, weight), 0);
  const mean = column.values.reduce((sum, weight) => sum + weight / largest, 0) / inputs.rowCount;
  return {
    inputs: { ...inputs, columns: inputs.columns.filter(({ column: { key } }) => key !== weightColumn) },
    weights: column.values.map((weight) => weight / largest / mean),
  };
}
