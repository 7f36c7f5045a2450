import { EngineError } from '../engineError.ts';
import type { BuildRequest } from './buildRequest.ts';
import { requireColumn } from './chooseInputs.ts';

/**
 * Rows of the table with a value of a target, at least one.
 *
 * @throws EngineError TARGET_EMPTY, TARGET_CONSTANT, TARGET_NOT_NUMERIC, COLUMN_UNKNOWN
 */
export function measuredRows(
  { table, targets }: Pick<BuildRequest, 'table' | 'targets'>,
  key: string,
): Int32Array {
  const { variable, column } = requireColumn(table, key, `targets/${targets.indexOf(key)}`);
  if (column.kind !== 'numeric') {
    const [only, ...others] = variable.levels ?? column.levels;
    if (only !== undefined && others.length === 0)
      throw new EngineError(
        'TARGET_CONSTANT',
        `all ${column.codes.filter((code) => code >= 0).length} values of ${key} are ${JSON.stringify(only)}`,
        { column: key, value: only },
      );
    const shown = (variable.levels ?? column.levels).slice(0, 5).map((level) => JSON.stringify(level));
    throw new EngineError(
      'TARGET_NOT_NUMERIC',
      `${key} holds text, for example ${shown.join(', ')}; only numbers can be modelled`,
      { column: key },
    );
  }
  const rows = Int32Array.from(column.values.keys()).filter((i) => !Number.isNaN(column.values[i]!));
  if (rows.length === 0)
    throw new EngineError('TARGET_EMPTY', `0 of ${column.values.length} rows have a value of ${key}`, {
      column: key,
    });
  return rows;
}
