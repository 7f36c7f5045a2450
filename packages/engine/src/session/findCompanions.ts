import { groupKeys, type Groups } from '../resampling/groups.ts';
import { spearman } from '../scores/spearman.ts';
import type { Column, NumericColumn } from '../table/column.ts';
import type { CompanionPlan } from './buildPlan.ts';
import type { BuildRequest } from './buildRequest.ts';
import { requireColumn } from './chooseInputs.ts';
import type { SessionInputs } from './sessionInputs.ts';
import { sortRows } from './sortRows.ts';
import { targetRows } from './targetRows.ts';

/** Share of the rows with either target that must lack this one: where both are known, the other says nothing new. */
const minGapShare = 0.2;
const minCommonRows = 10;
const minCorrelation = 0.5;
/** More companions than this add little to the closest ones and cost their cube. */
const maxCompanions = 2;

/**
 * Other targets of the session that may help to learn this one: measured in rows where it is missing, and rising or
 * falling with it in rows that have both. The closest first come in, in the order of their keys. Whether they do help
 * is for the models to find out on rows held out.
 *
 * @param rows of the target, in the order of the plan
 * @param groups of these rows
 */
export function findCompanions(
  request: BuildRequest,
  key: string,
  session: SessionInputs,
  rows: Int32Array,
  groups: Groups,
  groupColumn: Column | null,
): CompanionPlan[] {
  // Held out by ingredient or region, rows without a group of the target could give away what is asked.
  if (request.question !== 'interpolate') return [];
  const { values } = requireColumn(request.table, key, 'targets').column as NumericColumn;
  const own = new Set(rows);
  const close = request.targets.flatMap((other) => {
    if (other === key) return [];
    const found = targetRows(request, other, session).rows;
    const column = requireColumn(request.table, other, 'targets').column as NumericColumn;
    const common = found.filter((i) => own.has(i));
    const gaps = found.length - common.length;
    if (common.length < minCommonRows || gaps < minGapShare * (rows.length + gaps)) return [];
    const correlation = spearman(
      Float64Array.from(common, (i) => values[i]!),
      Float64Array.from(common, (i) => column.values[i]!),
    );
    const size = Math.abs(correlation ?? 0);
    return size < minCorrelation
      ? []
      : [{ key: other, rows: sortRows(found, session.inputs, column, groupColumn), size }];
  });
  if (close.length === 0) return [];
  const groupOf = groupOfRows(session, rows, groups, groupColumn);
  return close
    .sort((a, b) => b.size - a.size)
    .slice(0, maxCompanions)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map((one) => ({ key: one.key, rows: one.rows, groups: one.rows.map((i) => groupOf[i]!) }));
}

/** Group of every row of the table, numbered as those of the target and on from there for others. */
function groupOfRows(
  { inputs, composition }: SessionInputs,
  rows: Int32Array,
  { ids, count, source }: Groups,
  groupColumn: Column | null,
): Int32Array {
  const keys = groupKeys(inputs, composition, source, groupColumn);
  const known = new Map<string, number>();
  rows.forEach((row, i) => known.set(keys[row]!, ids[i]!));
  // Sorted, so that the order of the table makes no difference.
  const others = [...new Set(keys)].filter((text) => !known.has(text)).sort();
  others.forEach((text, k) => known.set(text, count + k));
  const groupOf = Int32Array.from(keys, (text) => known.get(text)!);
  rows.forEach((row, i) => (groupOf[row] = ids[i]!));
  return groupOf;
}
