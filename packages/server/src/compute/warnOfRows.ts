import type { Column, Table } from '@athanor/engine';
import type { Warning } from '@athanor/schema';

/** Rows that a warning names. */
const named = 5;

/** What deserves a look in the rows that a table has grown by. */
export function warnOfRows(before: Table, after: Table): Warning[] {
  const rows = Array.from({ length: after.rowCount - before.rowCount }, (_, i) => before.rowCount + i);
  const numbers = (found: readonly number[]): Pick<Warning, 'rows' | 'count'> => ({
    rows: found.slice(0, named).map((row) => row + 1),
    count: found.length,
  });
  const warnings: Warning[] = [];
  const keyOf = (row: number): string =>
    JSON.stringify(
      after.columns.map((column) => ('values' in column ? column.values[row] : column.codes[row])),
    );
  const seen = new Set(Array.from({ length: before.rowCount }, (_, row) => keyOf(row)));
  const repeated = rows.filter((row) => seen.has(keyOf(row)));
  if (repeated.length > 0) {
    warnings.push({
      code: 'repeated_rows',
      message: `${repeated.length} of the added rows repeat an earlier one in every cell; were they sent twice?`,
      ...numbers(repeated),
    });
  }
  const targets = after.columns.filter((_, j) => after.variables[j]!.role === 'target');
  const unmeasured = rows.filter((row) => targets.every((column) => isMissing(column, row)));
  if (targets.length > 0 && unmeasured.length > 0) {
    warnings.push({
      code: 'no_measurement',
      message: `${unmeasured.length} of the added rows have no value of ${targets
        .map(({ key }) => `"${key}"`)
        .slice(0, named)
        .join(', ')}.`,
      ...numbers(unmeasured),
    });
  }
  after.columns.forEach((column, j) => {
    const { range, role } = before.variables[j]!;
    if (role !== 'input' && role !== 'target') return;
    if (column.kind === 'numeric') {
      if (range === null) return;
      const beyond = rows.filter((row) => column.values[row]! < range.min || column.values[row]! > range.max);
      if (beyond.length === 0) return;
      warnings.push({
        code: 'beyond_range',
        message: `${beyond.length} added values of "${column.key}" are beyond the ${range.min} to ${range.max} seen before.`,
        column: column.key,
        ...numbers(beyond),
      });
    } else {
      const known =
        before.columns[j]!.kind === 'numeric'
          ? 0
          : (before.columns[j] as { levels: readonly string[] }).levels.length;
      // Levels are numbered in order of first appearance, so later numbers are new.
      const fresh = rows.filter((row) => column.codes[row]! >= known);
      if (fresh.length === 0) return;
      const names = [...new Set(fresh.map((row) => column.levels[column.codes[row]!]!))].slice(0, named);
      warnings.push({
        code: 'new_level',
        message: `"${column.key}" has values never seen before: ${names.map((name) => JSON.stringify(name.slice(0, 60))).join(', ')}.`,
        column: column.key,
        ...numbers(fresh),
      });
    }
  });
  return warnings;
}

function isMissing(column: Column, row: number): boolean {
  return column.kind === 'numeric' ? Number.isNaN(column.values[row]!) : column.codes[row]! < 0;
}
