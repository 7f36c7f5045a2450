/** The cells of the comparison: a target of a table, cut to so many rows to learn from, the rest to be predicted. */
import { createHash } from 'node:crypto';
import { createGenerator, encodeTable, planBuild, type Table } from '@athanor/engine';
import { takeRows, type NumericColumn } from '../../packages/engine/src/table/column.ts';
import { readTable, sources } from '../models/tables.ts';

export interface Cell {
  /** Unique and stable, e.g. `agnp/spectrum_loss/60/2`. */
  readonly id: string;
  readonly table: string;
  readonly target: string;
  /** Rows to learn from, as a size of the comparison: 30, 60, 120 or `full`. */
  readonly size: number | 'full';
  readonly split: number;
}

/** A cell with its data. */
export interface LoadedCell extends Cell {
  readonly training: Table;
  readonly test: Table;
  /** Of the rows to learn from, the rows to predict and their order. */
  readonly hash: string;
}

const sizes = [30, 60, 120, 'full'] as const;
const splitsOfSmall = 3;
/** Share of the groups that is predicted in a full split. */
const testShare = 0.2;
/** Targets of a table that has several. */
const mostTargets = 2;

/** All cells that the tables are large enough for: at least ten rows are left to predict. */
export function listCells(): Cell[] {
  return sources.flatMap((source) =>
    source.targets.slice(0, mostTargets).flatMap((target) => {
      const rows = measured(readTable(source, target), target).rowCount;
      return sizes.flatMap((size): Cell[] => {
        if (size !== 'full' && rows < size + 10) return [];
        return Array.from({ length: size === 'full' ? 1 : splitsOfSmall }, (_, split) => ({
          id: `${source.name}/${target}/${size}/${split}`,
          table: source.name,
          target,
          size,
          split,
        }));
      });
    }),
  );
}

/** Groups of rows that belong together, as our plan finds them, are on one side of the split. */
export function loadCell(cell: Cell): LoadedCell {
  const source = sources.find(({ name }) => name === cell.table)!;
  const all = measured(readTable(source, cell.target), cell.target);
  const plan = planBuild({
    table: all,
    targets: [cell.target],
    models: [{ name: 'any', kind: 'constant', spec: null }],
    ignore: [],
    group: null,
    question: 'interpolate',
    seed: 1,
  }).targets[0]!;
  const order = createGenerator(`split ${cell.split} of ${cell.size}`).shuffle(
    Int32Array.from({ length: plan.groupCount }, (_, group) => group),
  );
  const rowsOf = (groups: Int32Array): number[] =>
    Array.from(groups).flatMap((group) => Array.from(plan.rows).filter((_, i) => plan.groups[i] === group));
  const wanted = cell.size === 'full' ? Math.ceil((1 - testShare) * plan.groupCount) : null;
  let training: number[] = [];
  let used = 0;
  while (wanted === null ? training.length < (cell.size as number) : used < wanted)
    training = training.concat(rowsOf(order.slice(used, ++used)));
  const test = rowsOf(order.slice(used));
  if (wanted === null) training = training.slice(0, cell.size as number);
  const data = { training: take(all, training), test: take(all, test) };
  const hash = createHash('sha256').update(encodeTable(data.training)).update(encodeTable(data.test));
  return { ...cell, ...data, hash: hash.digest('hex').slice(0, 16) };
}

function measured(table: Table, target: string): Table {
  const { values } = table.columns.find(({ key }) => key === target) as NumericColumn;
  return take(
    table,
    Array.from(values.keys()).filter((i) => !Number.isNaN(values[i]!)),
  );
}

function take(table: Table, rows: readonly number[]): Table {
  const picked = Int32Array.from(rows);
  return {
    ...table,
    rowCount: rows.length,
    columns: table.columns.map((column) => takeRows(column, picked)),
    fileRows: picked.map((i) => table.fileRows[i]!),
  };
}
