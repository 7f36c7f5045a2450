import { takeInputRows, type Inputs } from '../models/inputs.ts';
import type { CompanionData } from '../models/model.ts';
import { takeRows, type NumericColumn } from '../table/column.ts';
import type { Table } from '../table/table.ts';
import type { TargetPlan } from './buildPlan.ts';
import { requireColumn } from './chooseInputs.ts';

/**
 * What a fit learns of the companions of its target: their rows but for those of groups that are held out. Null where
 * the target has none.
 *
 * @param inputs of all rows of the table
 * @param training positions among the target's rows
 * @param heldOut the same
 */
export function companionData(
  table: Table,
  inputs: Inputs,
  { rows, groups, companions }: TargetPlan,
  training: Int32Array,
  heldOut: Int32Array,
): CompanionData | null {
  if (companions.length === 0) return null;
  const hidden = new Set(heldOut.map((i) => groups[i]!));
  const targets = companions.map((companion) => {
    const shown = Int32Array.from(companion.rows.keys()).filter((i) => !hidden.has(companion.groups[i]!));
    const shownRows = shown.map((i) => companion.rows[i]!);
    const column = requireColumn(table, companion.key, 'targets').column as NumericColumn;
    return {
      key: companion.key,
      rows: shownRows,
      y: takeRows(column, shownRows).values,
      groups: shown.map((i) => companion.groups[i]!),
    };
  });
  const all = [...Array.from(training, (i) => rows[i]!), ...targets.flatMap((target) => [...target.rows])];
  return {
    inputs: takeInputRows(inputs, Int32Array.from(all)),
    targets: targets.map(({ key, y, groups: of }) => ({ key, y, groups: of })),
  };
}
