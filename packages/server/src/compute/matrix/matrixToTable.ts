import type { Column, Table } from '@athanor/engine';
import type { CellValue, Variable } from '@athanor/schema';
import type { ExperimentMatrix, ExperimentVariable } from './experimentMatrix.ts';
import { locateTargets, type ScopedTarget, targetRows } from './locateTargets.ts';

/**
 * Experiments as a table for models: properties that are wanted are targets, with a value only where they were measured
 * under their conditions; other properties are left out, everything else is an input.
 */
export function matrixToTable(matrix: ExperimentMatrix, targets: readonly ScopedTarget[]): Table {
  const wanted = new Map<string, Set<number>>();
  for (const target of targets) {
    const { variable } = locateTargets(matrix, target);
    if (variable !== null) wanted.set(variable, new Set(targetRows(matrix, target)));
  }
  const cells = matrix.variables.map(({ key }, j) => {
    const rows = wanted.get(key);
    const column = matrix.columns[j]!;
    return rows === undefined ? column : column.map((cell, i) => (rows.has(i) ? cell : null));
  });
  return {
    format: { kind: 'csv', encoding: 'utf-8', delimiter: ',', decimalMark: '.', sheet: null, headerRow: 1 },
    rowCount: matrix.rows.length,
    variables: matrix.variables.map((variable, j) =>
      toVariable(variable, cells[j]!, wanted.has(variable.key)),
    ),
    columns: matrix.variables.map((variable, j) => toColumn(variable, cells[j]!)),
    fileRows: Int32Array.from(matrix.rows, (_, i) => i + 2),
    warnings: [],
  };
}

function toVariable(
  { key, name, type, data_type: dataType, unit }: ExperimentVariable,
  cells: readonly CellValue[],
  isTarget: boolean,
): Variable {
  const present = cells.filter((cell) => cell !== null);
  const numbers = dataType === 'numeric' ? (present as number[]) : null;
  return {
    key,
    name,
    type,
    dataType,
    role: isTarget ? 'target' : type === 'property' ? 'ignored' : 'input',
    unit,
    range:
      numbers === null || numbers.length === 0
        ? null
        : {
            min: numbers.reduce((a, b) => Math.min(a, b)),
            max: numbers.reduce((a, b) => Math.max(a, b)),
          },
    bounds: null,
    levels: numbers === null ? levelsOf(cells) : null,
    distinctCount: new Set(present).size,
    missingCount: cells.length - present.length,
    overridden: [],
    warnings: [],
  };
}

function toColumn({ key, data_type: dataType }: ExperimentVariable, cells: readonly CellValue[]): Column {
  if (dataType === 'numeric')
    return {
      kind: 'numeric',
      key,
      values: Float64Array.from(cells, (cell) => (cell as number | null) ?? NaN),
    };
  const levels = levelsOf(cells);
  const codeOf = new Map(levels.map((level, code) => [level, code]));
  const codes = Int32Array.from(cells, (cell) => (cell === null ? -1 : codeOf.get(String(cell))!));
  return { kind: 'categorical', key, codes, levels };
}

function levelsOf(cells: readonly CellValue[]): string[] {
  return [...new Set(cells.filter((cell) => cell !== null).map(String))];
}
