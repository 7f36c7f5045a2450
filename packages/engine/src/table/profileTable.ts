import type { ColumnProfile, DatasetProfile, Warning } from '@athanor/schema';
import type { Column, NumericColumn } from './column.ts';
import type { Table } from './table.ts';

const maxFrequent = 10;
const minBins = 5;
const maxBins = 30;

/** Codes of warnings, those first that can ruin a model; others follow in the order they were found. */
const importance: readonly string[] = [
  'possible_leak',
  'target_guessed',
  'result_withdrawn',
  'target_of_few_values',
  'decimal_marks_differ',
  'encoding_guessed',
  'excel_damage',
  'mixed_cells',
  'text_dropped',
  'censored_values',
  'sentinel_values',
  'precision_loss',
  'composition_open',
  'formula_errors',
  'formulas_unsaved',
  'totals_row',
  'title_rows',
  'duplicate_rows',
  'duplicate_column',
];

/**
 * What a table looks like: distribution of each column, repeated rows, and every warning, most important first.
 * Quartiles interpolate linearly between order statistics (Hyndman and Fan 1996, definition 7); histograms have as many
 * bins as Freedman and Diaconis (1981) say, within 5 to 30.
 */
export function profileTable(table: Table): DatasetProfile {
  const isInput = table.variables.map(({ role }) => role === 'input');
  const duplicates = countRepeats(table.columns, table.rowCount);
  const replicates = countRepeats(
    table.columns.filter((_, j) => isInput[j]!),
    table.rowCount,
  );
  const warnings: Warning[] = [
    ...table.warnings,
    ...table.variables.flatMap((variable) => variable.warnings),
  ];
  if (duplicates.repeats > 0) {
    warnings.push({
      code: 'duplicate_rows',
      message: `${duplicates.repeats} rows repeat an earlier row in every cell.`,
      rows: duplicates.examples,
      count: duplicates.repeats,
    });
  }
  return {
    format: table.format,
    rowCount: table.rowCount,
    columnCount: table.columns.length,
    variables: [...table.variables],
    columns: table.columns.map(profileColumn),
    duplicateRowCount: duplicates.repeats,
    replicateRowCount: isInput.includes(true) ? replicates.members : 0,
    warnings: sortByImportance(warnings),
  };
}

function sortByImportance(warnings: readonly Warning[]): Warning[] {
  const rank = ({ code }: Warning) => {
    const index = importance.indexOf(code);
    return index < 0 ? importance.length : index;
  };
  return warnings
    .map((warning, position) => ({ warning, position }))
    .sort((a, b) => rank(a.warning) - rank(b.warning) || a.position - b.position)
    .map(({ warning }) => warning);
}

interface Repeats {
  /** Rows that repeat an earlier one. */
  readonly repeats: number;
  /** Rows that share their cells with some other row. */
  readonly members: number;
  /** First repeats as 1-based data rows. */
  readonly examples: number[];
}

/**
 * Compares rows over some columns; a missing cell equals a missing cell. Rows are one class at first, which every column splits
 * further; after a few columns most tables have no two equal rows left. Equal means equal, not of one hash, so nobody
 * can make it slow.
 */
function countRepeats(columns: readonly Column[], rowCount: number): Repeats {
  let classes = new Int32Array(rowCount);
  let classCount = Math.min(1, rowCount);
  for (const column of columns) {
    if (classCount === rowCount) break;
    const { ids, count } = numberCells(column);
    const seen = new Map<number, number>();
    const split = new Int32Array(rowCount);
    for (let row = 0; row < rowCount; row++) {
      const key = classes[row]! * count + ids[row]!;
      let id = seen.get(key);
      if (id === undefined) {
        id = seen.size;
        seen.set(key, id);
      }
      split[row] = id;
    }
    classes = split;
    classCount = seen.size;
  }
  const sizes = new Int32Array(classCount);
  const examples: number[] = [];
  for (let row = 0; row < rowCount; row++)
    if (sizes[classes[row]!]!++ > 0 && examples.length < 5) examples.push(row + 1);
  let members = 0;
  for (const size of sizes) if (size > 1) members += size;
  return { repeats: rowCount - classCount, members, examples };
}

/** A number from 0 to count-1 for each cell, the same for equal cells. */
function numberCells(column: Column): { ids: Int32Array; count: number } {
  if (column.kind !== 'numeric')
    return { ids: column.codes.map((code) => code + 1), count: column.levels.length + 1 };
  const known = new Map<number, number>();
  const ids = new Int32Array(column.values.length);
  for (const [row, value] of column.values.entries()) {
    let id = known.get(value);
    if (id === undefined) {
      id = known.size;
      known.set(value, id);
    }
    ids[row] = id;
  }
  return { ids, count: known.size };
}

function profileColumn(column: Column): ColumnProfile {
  return column.kind === 'numeric' ? profileNumbers(column) : profileLevels(column);
}

function profileLevels({ key, codes, levels }: Exclude<Column, NumericColumn>): ColumnProfile {
  const counts = new Int32Array(levels.length);
  for (const code of codes) if (code >= 0) counts[code]!++;
  const frequent = levels
    .map((value, code) => ({ value, count: counts[code]! }))
    .sort((a, b) => b.count - a.count)
    .slice(0, maxFrequent);
  return { key, mean: null, standardDeviation: null, quartiles: null, histogram: [], frequent };
}

function profileNumbers({ key, values }: NumericColumn): ColumnProfile {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const n = sorted.length;
  if (n === 0)
    return { key, mean: null, standardDeviation: null, quartiles: null, histogram: [], frequent: [] };
  // Scaled by the largest number, so that neither sums nor squares overflow.
  const scale = Math.max(Math.abs(sorted[0]!), Math.abs(sorted[n - 1]!)) || 1;
  let mean = 0;
  let squares = 0;
  for (const [i, value] of sorted.entries()) {
    const delta = value / scale - mean;
    mean += delta / (i + 1);
    squares += delta * (value / scale - mean);
  }
  const quartiles: [number, number, number] = [
    quantile(sorted, 0.25),
    quantile(sorted, 0.5),
    quantile(sorted, 0.75),
  ];
  return {
    key,
    mean: mean * scale,
    standardDeviation: n < 2 ? null : Math.sqrt(squares / (n - 1)) * scale,
    quartiles,
    histogram: countBins(sorted, quartiles[2] - quartiles[0]),
    frequent: [],
  };
}

function quantile(sorted: Float64Array, share: number): number {
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const rest = position - below;
  const [a, b] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  // Weighted and not by the difference, which may overflow; rounding of the least numbers there are may leave the two.
  return Math.min(b, Math.max(a, a * (1 - rest) + b * rest));
}

function countBins(sorted: Float64Array, spread: number): { lower: number; upper: number; count: number }[] {
  const [min, max] = [sorted[0]!, sorted[sorted.length - 1]!];
  if (min === max) return [{ lower: min, upper: max, count: sorted.length }];
  const width = (2 * spread) / Math.cbrt(sorted.length);
  const wanted = width > 0 ? Math.ceil(max / width - min / width) : maxBins;
  const count = Math.min(maxBins, Math.max(minBins, Number.isFinite(wanted) ? wanted : maxBins));
  // Weighted and not by the width, which may overflow; between neighbouring doubles rounding could step back.
  const edges = [min];
  for (let i = 1; i < count; i++) {
    const edge = min * (1 - i / count) + max * (i / count);
    edges.push(Math.min(max, Math.max(edges[i - 1]!, edge)));
  }
  edges.push(max);
  const bins = Array.from({ length: count }, (_, i) => ({
    lower: edges[i]!,
    upper: edges[i + 1]!,
    count: 0,
  }));
  let bin = 0;
  for (const value of sorted) {
    while (bin < count - 1 && value >= bins[bin]!.upper) bin++;
    bins[bin]!.count++;
  }
  return bins;
}
