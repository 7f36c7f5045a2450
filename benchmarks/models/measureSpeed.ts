/** Growing trees and walking down them, against scikit-learn: the same rows, one thread each, processor seconds. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGenerator, findModel } from '@athanor/engine';
import type { Matrix } from '../../packages/engine/src/linalg/matrix.ts';
import type { Inputs } from '../../packages/engine/src/models/inputs.ts';
import type { FitData } from '../../packages/engine/src/models/model.ts';
import { BinnedTreeGrower } from '../../packages/engine/src/models/trees/binnedTreeGrower.ts';
import { squaredLoss } from '../../packages/engine/src/models/trees/boostingLoss.ts';
import { BoostingRun, type GrowTree } from '../../packages/engine/src/models/trees/boostingRun.ts';
import { ExactTreeGrower } from '../../packages/engine/src/models/trees/exactTreeGrower.ts';
import type { Forest } from '../../packages/engine/src/models/trees/forest.ts';
import { ForestBuilder } from '../../packages/engine/src/models/trees/forestBuilder.ts';
import { sumOverTrees } from '../../packages/engine/src/models/trees/sumOverTrees.ts';
import { prepareTreeRows } from '../../packages/engine/src/models/trees/treeRows.ts';
import { encodeInputs } from '../../packages/engine/src/transforms/encodeInputs.ts';

const columnCount = 10;
const sizes = [1000, 10_000];
/** Rows that the models of the first size predict. */
const manyRows = 100_000;
const trees = 300;
/** Of each the fastest counts, so that neither compilation nor other load does. */
const runs = 3;

/**
 * Processor seconds for 300 trees, on 1,000 and 10,000 rows of ten columns, and for 100,000 rows by those of 1,000.
 * Boosting is 300 rounds without the search for their number, which scikit-learn does not do.
 *
 * @param python with numpy and scikit-learn
 * @param scratch folder for the work
 * @returns of each our seconds, theirs and the ratio
 */
export function measureSpeed(
  python: string,
  scratch: string,
): Record<string, { ours: number; theirs: number; ratio: number }> {
  const data = sizes.map(friedman);
  const many = friedman(manyRows).inputs;
  const path = join(scratch, 'speed.json');
  const work = {
    runs,
    trees,
    sizes: data.map(({ inputs, y }, s) => ({ X: columnsOf(inputs), y: [...y], isPredicted: s === 0 })),
    many: columnsOf(many),
  };
  writeFileSync(path, JSON.stringify(work));
  const answer = execFileSync(python, [join(import.meta.dirname, 'speed.py'), path], {
    encoding: 'utf8',
    env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
  });
  const theirs = JSON.parse(answer) as Record<string, number>;
  const ours: Record<string, number> = {};
  for (const [s, rows] of data.entries())
    for (const [name, { fit, predict }] of Object.entries(contestants)) {
      const fitted = least(() => fit(rows));
      ours[`${name} ${rows.y.length}`] = fitted.seconds;
      if (s === 0) ours[`predict ${name}`] = least(() => predict(fitted.result, many)).seconds;
    }
  return Object.fromEntries(
    Object.entries(ours).map(([name, seconds]) => [
      name,
      { ours: seconds, theirs: theirs[name]!, ratio: seconds / theirs[name]! },
    ]),
  );
}

interface Contestant {
  fit(data: FitData): unknown;
  predict(fitted: unknown, inputs: Inputs): unknown;
}

const contestants: Record<string, Contestant> = {
  extraTrees: registered('extraTrees'),
  randomForest: registered('randomForest'),
  gradientBoosting: boosting(0.7, (X) => {
    const grower = new ExactTreeGrower(X);
    const options = { featuresTried: 6, minLeafRows: 1, maxDepth: 4, monotone: null };
    const grow: GrowTree = (z, weights, stream, forest) => grower.grow(z, weights, options, stream, forest);
    return { grow, release: () => grower.release() };
  }),
  histogramBoosting: boosting(1, (X) => {
    const grower = new BinnedTreeGrower(X, { maxLeaves: 15, minLeafWeight: 20, penalty: 1, monotone: null });
    const grow: GrowTree = (z, weights, _, forest) => grower.grow(z, weights, forest);
    return { grow, release: () => grower.release() };
  }),
};

function registered(kind: string): Contestant {
  const model = findModel(kind);
  return {
    fit: (data) => model.fit(data, model.defaultSpec, createGenerator(1)).fitted,
    predict: (fitted, inputs) => model.predict(fitted as never, inputs),
  };
}

function boosting(
  rowShare: number,
  makeGrower: (X: Matrix) => { grow: GrowTree; release(): void },
): Contestant {
  const options = { loss: squaredLoss, learningRate: 0.05, rowShare };
  return {
    fit(data) {
      const { encoder, X, z, weights } = prepareTreeRows(data, null);
      const forest = new ForestBuilder(false);
      const { grow, release } = makeGrower(X);
      const run = new BoostingRun(z, weights, grow, options, createGenerator(1), forest);
      for (let round = 0; round < trees; round++) run.advance();
      release();
      return { encoder, forest: forest.finish() };
    },
    predict(fitted, inputs) {
      const { encoder, forest } = fitted as { encoder: Parameters<typeof encodeInputs>[0]; forest: Forest };
      return sumOverTrees(forest, encodeInputs(encoder, inputs));
    },
  };
}

function least<T>(action: () => T): { seconds: number; result: T } {
  let seconds = Infinity;
  let result!: T;
  for (let run = 0; run < runs; run++) {
    const began = process.cpuUsage();
    result = action();
    const { user, system } = process.cpuUsage(began);
    seconds = Math.min(seconds, (user + system) / 1e6);
  }
  return { seconds, result };
}

/** Friedman's first function of ten even columns, five of which take part, with noise. */
function friedman(rowCount: number): FitData {
  const generator = createGenerator(`friedman ${rowCount}`);
  const columns = Array.from({ length: columnCount }, () =>
    Float64Array.from({ length: rowCount }, () => generator.uniform()),
  );
  const y = Float64Array.from({ length: rowCount }, (_, i) => {
    const [a, b, c, d, e] = columns.map((values) => values[i]!) as [number, number, number, number, number];
    return 10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e + generator.normal();
  });
  return {
    inputs: {
      rowCount,
      columns: columns.map((values, j) => ({
        column: { kind: 'numeric', key: `x${j}`, values },
        bounds: null,
        isAmount: false,
      })),
    },
    y,
    groups: Int32Array.from({ length: rowCount }, (_, i) => i),
  };
}

function columnsOf({ columns }: Inputs): number[][] {
  return columns.map(({ column }) => (column.kind === 'numeric' ? [...column.values] : []));
}
