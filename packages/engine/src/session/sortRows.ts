import type { Inputs } from '../models/inputs.ts';
import type { Column } from '../table/column.ts';

/**
 * The rows in an order that depends on their cells only: by the inputs, sorted by key, then by the target and the
 * group. Models and folds then come out the same to the byte from a table whose rows or columns were shuffled.
 */
export function sortRows(rows: Int32Array, inputs: Inputs, target: Column, group: Column | null): Int32Array {
  const columns = inputs.columns
    .map(({ column }) => column)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .concat(target, group ?? []);
  const ranks = columns.map(rankCells);
  return rows.slice().sort((a, b) => {
    for (const rank of ranks) if (rank[a] !== rank[b]) return rank[a]! < rank[b]! ? -1 : 1;
    return 0;
  });
}

/** A number a row that sorts like its cell, missing ones first [n]. */
function rankCells(column: Column): Float64Array {
  if (column.kind === 'numeric')
    return column.values.map((value) => (Number.isNaN(value) ? -Infinity : value));
  const order = column.levels.map((_, code) => code);
  order.sort((a, b) => (column.levels[a]! < column.levels[b]! ? -1 : 1));
  const rankOfCode = new Float64Array(column.levels.length);
  order.forEach((code, rank) => (rankOfCode[code] = rank));
  return Float64Array.from(column.codes, (code) => (code < 0 ? -1 : rankOfCode[code]!));
}
