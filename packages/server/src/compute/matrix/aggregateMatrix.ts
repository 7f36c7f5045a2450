import type {
  AggregationLevel,
  CellValue,
  RecordIdentifier,
  SmartDatasetData,
  TightFrame,
} from '@athanor/schema';
import type { ExperimentMatrix } from './experimentMatrix.ts';

/**
 * The matrix at a level: one row a measurement, an experiment (the same material under the same parameters), a lot,
 * or a material. Rows and variables that are not asked for by key are left out; empty lists ask for all.
 */
export function aggregateMatrix(
  matrix: ExperimentMatrix,
  level: AggregationLevel,
  ids: readonly string[],
  keys: readonly string[],
): SmartDatasetData {
  const wantedKeys = new Set(keys);
  const chosen = [...matrix.variables.keys()].filter(
    (j) => keys.length === 0 || wantedKeys.has(matrix.variables[j]!.key),
  );
  const wantedIds = new Set(ids);
  const groups = groupRows(matrix, level).filter(
    ({ identifier }) => ids.length === 0 || wantedIds.has(identifier.key),
  );
  const frame = (cell: (j: number, rows: readonly number[]) => CellValue): TightFrame => ({
    index: groups.map(({ identifier }) => identifier.key),
    columns: chosen.map((j) => matrix.variables[j]!.key),
    data: groups.map(({ rows }) => chosen.map((j) => cell(j, rows))),
    index_names: [null],
    column_names: [null],
  });
  const present = (j: number, rows: readonly number[]): CellValue[] =>
    rows.map((i) => matrix.columns[j]![i]!).filter((value) => value !== null);
  const isNumeric = (j: number): boolean => matrix.variables[j]!.data_type === 'numeric';
  return {
    aggregate_by: level,
    identifiers: groups.map(({ identifier }) => identifier),
    variables: chosen.map((j) => {
      const { key, name, type, data_type } = matrix.variables[j]!;
      return { key, name, type, data_type };
    }),
    data: frame((j, rows) =>
      isNumeric(j) ? meanOf(present(j, rows) as number[]) : mostFrequent(present(j, rows)),
    ),
    uncertainty: frame((j, rows) => (isNumeric(j) ? standardDeviation(present(j, rows) as number[]) : null)),
    counts: frame((j, rows) => present(j, rows).length),
  };
}

interface RowGroup {
  readonly identifier: RecordIdentifier;
  readonly rows: number[];
}

function groupRows(matrix: ExperimentMatrix, level: AggregationLevel): RowGroup[] {
  const { rows, variables, columns } = matrix;
  const parameters = columns.filter((_, j) => variables[j]!.type === 'parameter');
  const workflows = new Map<string, number>();
  const groups = new Map<string, RowGroup>();
  rows.forEach(({ datasetId, row, inventory, lot }, i) => {
    const material = { type: level, inventory_id: inventory };
    const ofLot = lot === null ? {} : { lot_id: lot };
    let identifier: RecordIdentifier;
    if (level === 'inventory') {
      identifier = { ...material, key: inventory };
    } else if (level === 'lot') {
      // Without lots every experiment on a material is on the one there is.
      identifier = { ...material, key: lot === null ? inventory : `${inventory}/${lot}`, ...ofLot };
    } else {
      const conditions = JSON.stringify([inventory, lot, parameters.map((column) => column[i])]);
      const number = workflows.get(conditions) ?? workflows.size + 1;
      workflows.set(conditions, number);
      const workflow = `${inventory}/W${number}`;
      identifier =
        level === 'workflow'
          ? { ...material, key: workflow, ...ofLot, workflow_interval: workflow }
          : {
              ...material,
              key: `${datasetId}-R${row}`,
              ...ofLot,
              workflow_interval: workflow,
              property_data_id: `${datasetId}-R${row}`,
            };
    }
    const group = groups.get(identifier.key);
    if (group === undefined) groups.set(identifier.key, { identifier, rows: [i] });
    else group.rows.push(i);
  });
  return [...groups.values()];
}

function meanOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  // Relative to the first value, so that large numbers that differ little keep their digits.
  const [first] = values as [number];
  return first + values.reduce((sum, value) => sum + (value - first), 0) / values.length;
}

/** Of a sample: n − 1 in the denominator. */
function standardDeviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = meanOf(values)!;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** The earliest of equally frequent values. */
function mostFrequent(values: readonly CellValue[]): CellValue {
  const counts = new Map<CellValue, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: CellValue = null;
  for (const [value, count] of counts) if (best === null || count > counts.get(best)!) best = value;
  return best;
}
