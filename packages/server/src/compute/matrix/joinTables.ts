import { listCells, type Table } from '@athanor/engine';
import type { CellValue, DataType, Variable, VariableType, Warning } from '@athanor/schema';
import { convertUnit } from './convertUnit.ts';
import type { ExperimentMatrix, ExperimentRow } from './experimentMatrix.ts';
import { locateTargets, type ScopedTarget } from './locateTargets.ts';

/** A table with the dataset it is of. */
export interface SourceTable {
  readonly datasetId: string;
  readonly name: string;
  readonly table: Table;
}

/** A variable while the tables come together. */
interface Draft {
  readonly key: string;
  readonly name: string;
  readonly type: VariableType;
  readonly dataType: DataType;
  unit: string | null;
  readonly headers: string[];
  readonly values: CellValue[];
  /** Tables that have it. */
  readonly tables: Set<number>;
}

/** Columns that say which material an experiment was on, and which batch of it. */
const inventoryHeader = /^(inventory|formulation|formula|recipe)([ _-]?(id|no\.?|number))?$/i;
const lotHeader = /^(lot|batch)([ _-]?(id|no\.?|number))?$/i;

/**
 * Puts the experiments of several tables into one matrix: rows below each other, columns of the same name together.
 * Values in another unit are converted to the unit of the first table; what contradicts is kept apart. Everything
 * that was converted, kept apart or filled in is named in `schema.warnings`.
 */
export function joinTables(
  sources: readonly SourceTable[],
  targets: readonly ScopedTarget[],
): ExperimentMatrix {
  const drafts: Draft[] = [];
  const warnings: Warning[] = [];
  const rows: ExperimentRow[] = [];
  const identities: { inventory: string | null; lot: string | null }[] = [];

  sources.forEach((source, index) => {
    const { table, datasetId } = source;
    const cells = listCells(table, 0, table.rowCount);
    const roleOf = table.variables.map(({ key }) =>
      inventoryHeader.test(key) ? 'inventory' : lotHeader.test(key) ? 'lot' : 'value',
    );
    const placeOf = table.variables.map((variable, j) => {
      const isValue = roleOf[j] === 'value' && isMeasuredOrChosen(variable);
      return isValue ? place(drafts, warnings, source, index, j) : null;
    });
    const textAt = (row: readonly CellValue[], role: 'inventory' | 'lot'): string | null => {
      const j = roleOf.indexOf(role);
      const value = j < 0 ? null : row[j]!;
      return value === null ? null : String(value);
    };
    cells.forEach((row, i) => {
      rows.push({ datasetId, row: i + 1, inventory: '', lot: null });
      identities.push({ inventory: textAt(row, 'inventory'), lot: textAt(row, 'lot') });
      placeOf.forEach((found, j) => {
        if (found === null) return;
        const value = row[j]!;
        found.draft.values[rows.length - 1] = typeof value === 'number' ? found.convert(value) : value;
      });
    });
  });

  const columns = drafts.map((draft) => fillGaps(draft, rows, sources, warnings));
  const variables = drafts.map(({ key, name, type, dataType, unit, headers }, j) => ({
    key,
    name,
    type,
    data_type: dataType,
    unit,
    count: columns[j]!.reduce((sum: number, value) => sum + (value === null ? 0 : 1), 0),
    headers,
  }));
  const named = nameMaterials(identities, variables, columns);
  const matrix = { rows: rows.map((row, i) => ({ ...row, ...named[i]! })), variables, columns };
  return {
    ...matrix,
    schema: {
      rowCount: rows.length,
      variables: variables.map(({ headers: _, ...variable }) => variable),
      targets: targets.map((target) => locateTargets(matrix, target)),
      datasets: sources.map(({ datasetId, name, table }) => ({
        id: datasetId,
        name,
        rowCount: table.rowCount,
      })),
      warnings,
    },
  };
}

/** What reading left out by itself, e.g. because it is constant, may still be what a target is about. */
function isMeasuredOrChosen({ role, type, overridden }: Variable): boolean {
  if (role === 'input' || role === 'target') return true;
  return role === 'ignored' && type === 'property' && !overridden.includes('role');
}

/** The variable that a column belongs to, and how its numbers become those of the variable. */
function place(
  drafts: Draft[],
  warnings: Warning[],
  { table, datasetId }: SourceTable,
  index: number,
  j: number,
): { draft: Draft; convert: (value: number) => number } {
  const { key, name, type, dataType, unit } = table.variables[j]!;
  const same = (value: number): number => value;
  const add = (ownKey: string): { draft: Draft; convert: typeof same } => {
    const draft: Draft = {
      key: ownKey,
      name,
      type,
      dataType,
      unit,
      headers: [key],
      values: [],
      tables: new Set([index]),
    };
    drafts.push(draft);
    return { draft, convert: same };
  };
  const nameKey = name.trim().toLowerCase();
  // Two columns of one table are two variables, also when only their units differ.
  const known = drafts.find(
    (draft) => draft.name.trim().toLowerCase() === nameKey && !draft.tables.has(index),
  );
  const isTaken = drafts.some((draft) => draft.key === key);
  const ownKey = isTaken ? `${key} [${datasetId}]` : key;
  if (known === undefined) return add(ownKey);
  if (known.dataType !== dataType) {
    warnings.push({
      code: 'type_conflict',
      column: known.key,
      message: `${key} of ${datasetId} is ${dataType}, elsewhere it is ${known.dataType}; it is kept apart as ${ownKey}.`,
    });
    return add(ownKey);
  }
  const convert = unit === null || known.unit === null ? same : convertUnit(unit, known.unit);
  if (convert === null) {
    warnings.push({
      code: 'unit_conflict',
      column: known.key,
      message: `${key} of ${datasetId} is in ${unit}, elsewhere in ${known.unit}, and nobody knows how to convert; it is kept apart as ${ownKey}.`,
    });
    return add(ownKey);
  }
  if (unit !== known.unit) {
    const isMissing = unit === null || known.unit === null;
    warnings.push({
      code: isMissing ? 'unit_missing' : 'unit_converted',
      column: known.key,
      message: isMissing
        ? `${key} of ${datasetId} has ${unit === null ? 'no unit' : `unit ${unit}`}, elsewhere ${known.unit ?? 'none'}; it was taken to be the same.`
        : `${key} of ${datasetId} was converted from ${unit} to ${known.unit}.`,
      count: table.rowCount,
    });
    known.unit ??= unit;
  }
  if (known.type !== type) {
    warnings.push({
      code: 'meaning_conflict',
      column: known.key,
      message: `${key} of ${datasetId} looks like ${type}, elsewhere like ${known.type}; it was taken for ${known.type}.`,
    });
  }
  known.headers.push(key);
  known.tables.add(index);
  return { draft: known, convert };
}

/** A table that does not list a material has experiments without it; anything else it does not list is unknown. */
function fillGaps(
  draft: Draft,
  rows: readonly ExperimentRow[],
  sources: readonly SourceTable[],
  warnings: Warning[],
): CellValue[] {
  const lacking = new Set(
    sources.filter((_, index) => !draft.tables.has(index)).map(({ datasetId }) => datasetId),
  );
  const isAmount = draft.type === 'material_amount' && draft.dataType === 'numeric';
  if (isAmount && lacking.size > 0) {
    warnings.push({
      code: 'material_absent',
      column: draft.key,
      message: `${[...lacking].join(', ')} has no column ${draft.key}: its experiments are taken to contain none of it.`,
      count: rows.filter(({ datasetId }) => lacking.has(datasetId)).length,
    });
  }
  return rows.map(({ datasetId }, i) => draft.values[i] ?? (isAmount && lacking.has(datasetId) ? 0 : null));
}

/**
 * Which material each experiment was on: as the table says, or else equal amounts (equal inputs, in tables without
 * amounts) are the same formulation.
 */
function nameMaterials(
  identities: readonly { inventory: string | null; lot: string | null }[],
  variables: readonly { type: VariableType }[],
  columns: readonly (readonly CellValue[])[],
): { inventory: string; lot: string | null }[] {
  const isMaterial = ({ type }: { type: VariableType }) => type === 'material_amount' || type === 'molecule';
  const hasMaterials = variables.some(isMaterial);
  const parts = columns.filter((_, j) =>
    hasMaterials ? isMaterial(variables[j]!) : variables[j]!.type !== 'property',
  );
  const numbers = new Map<string, string>();
  return identities.map(({ inventory, lot }, i) => {
    if (inventory !== null) return { inventory, lot };
    const formulation = JSON.stringify(parts.map((column) => column[i]));
    const name = numbers.get(formulation) ?? `F${numbers.size + 1}`;
    numbers.set(formulation, name);
    return { inventory: name, lot };
  });
}
