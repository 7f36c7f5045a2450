/** Figures that rest on no peer: concrete in ten folds as others report it, and how long sessions take. */
import { createGenerator, planBuild, type Table } from '@athanor/engine';
import { tableOf } from '../../packages/engine/src/conformance/tableOf.ts';
import { takeRows } from '../../packages/engine/src/table/column.ts';
import { readTable, sources } from '../models/tables.ts';
import { buildSession } from './buildSession.ts';
import { scoreModel } from './scoreModel.ts';

const target = 'compressive_strength_MPa';
const foldCount = 10;

function readConcrete(): Table {
  return readTable(
    sources.find(({ name }) => name === 'concrete_uci')!,
    target,
  );
}

/** RMSE over ten folds of sessions that each see nine: rows dealt at random, and whole mixes. */
export async function measureConcrete(): Promise<Record<string, number>> {
  const table = readConcrete();
  const request = {
    table,
    targets: [target],
    ignore: [],
    group: null,
    question: 'interpolate' as const,
    seed: 1,
  };
  const plan = planBuild({ ...request, models: [{ name: 'any', kind: 'constant', spec: null }] }).targets[0]!;
  const groupOf = new Int32Array(table.rowCount);
  plan.rows.forEach((row, i) => (groupOf[row] = plan.groups[i]!));
  const rows = Int32Array.from({ length: table.rowCount }, (_, row) => row);
  return {
    concrete_rmse_random: await crossValidate(table, rows, table.rowCount),
    concrete_rmse_grouped: await crossValidate(table, groupOf, plan.groupCount),
  };
}

/** @param groupOf group of each row; rows of one are in one fold */
async function crossValidate(table: Table, groupOf: Int32Array, groupCount: number): Promise<number> {
  const order = createGenerator('ten folds').shuffle(
    Int32Array.from({ length: groupCount }, (_, group) => group),
  );
  const foldOfGroup = new Int32Array(groupCount);
  order.forEach((group, place) => (foldOfGroup[group] = place % foldCount));
  let squares = 0;
  for (let fold = 0; fold < foldCount; fold++) {
    const take = (isWanted: (own: number) => boolean): Table => {
      const rows = Int32Array.from(groupOf.keys()).filter((row) => isWanted(foldOfGroup[groupOf[row]!]!));
      return {
        ...table,
        rowCount: rows.length,
        columns: table.columns.map((column) => takeRows(column, rows)),
        fileRows: rows.map((row) => table.fileRows[row]!),
      };
    };
    const test = take((own) => own === fold);
    const { outcome } = await buildSession(
      take((own) => own !== fold),
      target,
    );
    const { artifact } = outcome.models.find(({ name }) => name === outcome.metrics.defaultModel)!;
    squares += scoreModel(artifact, test, target).rmse ** 2 * test.rowCount;
    console.error(
      `  concrete, fold ${fold + 1}: RMSE so far ${Math.sqrt(squares / ((table.rowCount * (fold + 1)) / foldCount)).toFixed(3)}`,
    );
  }
  return Math.sqrt(squares / table.rowCount);
}

/** Wall-clock seconds of one session, and until its first model stands. */
export async function measureSeconds(): Promise<Record<string, number>> {
  const generator = createGenerator('100 x 10');
  const X = Array.from({ length: 10 }, () => Array.from({ length: 100 }, () => generator.uniform()));
  // Friedman's first function.
  const y = X[0]!.map(
    (_, i) =>
      10 * Math.sin(Math.PI * X[0]![i]! * X[1]![i]!) +
      20 * (X[2]![i]! - 0.5) ** 2 +
      10 * X[3]![i]! +
      5 * X[4]![i]! +
      generator.normal(),
  );
  const small = tableOf({
    ...Object.fromEntries(X.map((cells, j) => [`x${j}`, { cells }])),
    y: { cells: y, role: 'target' },
  });
  const few = await buildSession(small, 'y');
  const many = await buildSession(readConcrete(), target);
  return {
    session_seconds_100x10: few.seconds,
    session_seconds_1030x8: many.seconds,
    first_model_seconds_100x10: few.firstModelSeconds,
    first_model_seconds_1030x8: many.firstModelSeconds,
  };
}
