import type { Warning } from '@athanor/schema';
import type { BuildRequest } from './buildRequest.ts';
import { measuredRows } from './measuredRows.ts';
import type { SessionInputs } from './sessionInputs.ts';

/** Rows of the table that can be used for a target, and what was left out. */
export interface TargetRows {
  readonly rows: Int32Array;
  readonly warnings: readonly Warning[];
}

/** @throws EngineError TARGET_EMPTY, TARGET_NOT_NUMERIC */
export function targetRows(
  request: Pick<BuildRequest, 'table' | 'targets'>,
  key: string,
  session: SessionInputs,
): TargetRows {
  const warnings: Warning[] = [];
  const unread = new Set(session.unreadRows);
  const readable = measuredRows(request, key).filter((i) => !unread.has(i));
  return { rows: dropOpenRows(readable, session, warnings), warnings };
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
