import type { Variable, Warning } from '@athanor/schema';
import { EngineError } from '../engineError.ts';
import type { Column } from '../table/column.ts';
import type { BuildRequest } from './buildRequest.ts';
import { requireColumn } from './chooseInputs.ts';
import type { SessionInputs } from './sessionInputs.ts';

/** Rows of the table that can be used for a target, and what was left out. */
export interface TargetRows {
  readonly rows: Int32Array;
  readonly warnings: readonly Warning[];
}

/** @throws EngineError TARGET_EMPTY, TARGET_NOT_NUMERIC */
export function targetRows(
  { table, targets }: Pick<BuildRequest, 'table' | 'targets'>,
  key: string,
  session: SessionInputs,
): TargetRows {
  const { variable, column } = requireColumn(table, key, `targets/${targets.indexOf(key)}`);
  const warnings: Warning[] = [];
  return { rows: dropOpenRows(measuredRows(column, variable), session, warnings), warnings };
}

function measuredRows(column: Column, { key, levels }: Variable): Int32Array {
  if (column.kind !== 'numeric') {
    const shown = (levels ?? column.levels).slice(0, 5).map((level) => JSON.stringify(level));
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

/** Rows whose composition has a gap that nobody can fill are left out. */
function dropOpenRows(
  rows: Int32Array,
  { closure, openRows }: SessionInputs,
  warnings: Warning[],
): Int32Array {
  const open = new Set(openRows);
  const dropped = rows.filter((i) => open.has(i));
  if (dropped.length === 0) return rows;
  warnings.push({
    code: 'composition_open',
    message:
      `${dropped.length} rows have an empty amount and do not add up to ${closure} without it; ` +
      'nobody can say what is in them, so they are left out.',
    rows: Array.from(dropped.subarray(0, 5), (i) => i + 1),
    count: dropped.length,
  });
  return rows.filter((i) => !open.has(i));
}
