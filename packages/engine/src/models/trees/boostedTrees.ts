import type { Matrix } from '../../linalg/matrix.ts';
import type { GraphBuilder, GraphValue } from '../../onnx/graphBuilder.ts';
import type { PlainDataReader } from '../../plainDataReader.ts';
import type { Posterior } from '../../posteriors/posterior.ts';
import type { PosteriorGraph } from '../../posteriors/posteriorGraph.ts';
import { targetSpreadInGraph, targetValueInGraph } from '../../transforms/targetValueInGraph.ts';
import type { Generator } from '../../random/generator.ts';
import { checkInputEncoder } from '../../transforms/checkInputEncoder.ts';
import { encodeInputs } from '../../transforms/encodeInputs.ts';
import { encodeMatrixInGraph, type InputGraph } from '../../transforms/inputGraph.ts';
import { describeColumns, type InputEncoder } from '../../transforms/inputEncoder.ts';
import {
  checkTargetScale,
  targetSpread,
  targetValue,
  type TargetScale,
} from '../../transforms/targetScale.ts';
import type { Inputs } from '../inputs.ts';
import { innerFolds } from '../innerFolds.ts';
import { unscaleInGraph } from '../unscaleInGraph.ts';
import { unscalePosterior } from '../unscalePosterior.ts';
import { huberLoss, quantileLoss, squaredLoss, type BoostingLoss } from './boostingLoss.ts';
import { BoostingRun, type GrowTree } from './boostingRun.ts';
import { checkForest } from './checkForest.ts';
import { chooseRounds } from './chooseRounds.ts';
import { ExactTreeGrower } from './exactTreeGrower.ts';
import type { Forest } from './forest.ts';
import { ForestBuilder } from './forestBuilder.ts';
import { forestInGraph, sumOverTreesInGraph } from './forestGraph.ts';
import { forestVariance, forestVarianceInGraph } from './forestVariance.ts';
import { withErrors } from './withErrors.ts';
import { growBaggedTrees, type BaggedTrees } from './growBaggedTrees.ts';
import { predictForest } from './predictForest.ts';
import { sumOverTrees } from './sumOverTrees.ts';
import type { TreeRows } from './treeRows.ts';

export const boostingLosses = ['squared', 'huber', 'quantile'] as const;
export type BoostingLossName = (typeof boostingLosses)[number];

/** How to boost, whatever the trees are. */
export interface BoostingPlan {
  readonly loss: BoostingLossName;
  readonly learningRate: number;
  readonly rowShare: number;
  readonly maxRounds: number;
  /** Rounds without a lower held-out loss after which there are no more. */
  readonly patience: number;
  /** Parts the rows are dealt to; `heldOutParts` of them are held out in turn to choose the number of rounds. */
  readonly parts: number;
  readonly heldOutParts: number;
  /** Runs on all rows whose predictions are averaged. */
  readonly copies: number;
}

/** A boosted sum of trees: start + the sum over all trees. */
type BoostedSum = {
  readonly start: number;
  readonly forest: Forest;
};

/** Trained boosted trees. */
export type BoostedTrees = {
  readonly encoder: InputEncoder;
  readonly target: TargetScale;
  /** One sum for the mean, or one for each of `quantileLevels`. */
  readonly sums: readonly BoostedSum[];
  /** Bagged trees that know how far off the boosted ones are. */
  readonly spread: Forest;
};

/** Quantiles of the quantile loss: the median and the ends of the central 90 % interval. */
const quantileLevels = [0.05, 0.5, 0.95];
/** z-score of the upper end. */
const quantileZ = 1.6448536269514722;
/** Runs on all rows go on a little longer than those that had fewer rows. */
const refitFactor = 1.1;
/** Trees of the spread; more change nothing (decision 0011). */
const spreadTreeCount = 60;
/** Rows drawn for each of them at most: enough to see where the target scatters. */
const maxSpreadRows = 2000;
/** Smallest standard deviation of a standardised target. */
const minSd = 1e-6;

/** The number of rounds is found on rows held out within the fit, and all rows then learn for a tenth longer. */
export function fitBoostedTrees(
  rows: TreeRows,
  grow: GrowTree,
  plan: BoostingPlan,
  generator: Generator,
): BoostedTrees {
  const { z, weights } = rows;
  const { foldOf } = innerFolds(z, rows.groups, plan.parts, generator.split('folds'));
  const runOf = foldOf.map((fold) => (fold < plan.heldOutParts ? fold : -1));
  const results = lossesOf(plan.loss).map((loss, k) =>
    boost(rows, grow, plan, loss, runOf, generator.split(`loss ${k}`)),
  );
  const middle = results[results.length >> 1]!;
  const trees = growSpread(rows, generator.split('spread'));
  return {
    encoder: rows.encoder,
    target: rows.target,
    sums: results.map(({ sum }) => sum),
    spread: withErrors(trees, z, middle.heldOut, weights),
  };
}

/** Bagged trees of a few thousand rows at most, half of the columns tried at each split. */
function growSpread({ X, z, weights }: TreeRows, generator: Generator): BaggedTrees {
  const grower = new ExactTreeGrower(X);
  try {
    const options = {
      featuresTried: Math.max(1, Math.round(X.columnCount / 2)),
      minLeafRows: 1,
      maxDepth: Infinity,
      monotone: null,
    };
    const bagRows = Math.min(z.length, maxSpreadRows);
    return growBaggedTrees(grower, z, weights, spreadTreeCount, bagRows, options, generator);
  } finally {
    grower.release();
  }
}

function lossesOf(name: BoostingLossName): BoostingLoss[] {
  const losses: Record<BoostingLossName, BoostingLoss[]> = {
    squared: [squaredLoss],
    huber: [huberLoss],
    quantile: quantileLevels.map(quantileLoss),
  };
  return losses[name];
}

function boost(
  { z, weights }: TreeRows,
  grow: GrowTree,
  plan: BoostingPlan,
  loss: BoostingLoss,
  runOf: Int32Array,
  generator: Generator,
): { sum: BoostedSum; heldOut: Float64Array } {
  const options = { ...plan, loss };
  const runCount = runOf.reduce((most, run) => Math.max(most, run + 1), 0);
  const runs = Array.from({ length: runCount }, (_, run) => {
    const training = weights.map((weight, i) => (runOf[i] === run ? 0 : weight));
    return new BoostingRun(
      z,
      training,
      grow,
      options,
      generator.split(`part ${run}`),
      new ForestBuilder(false),
    );
  });
  const { rounds, heldOut } = chooseRounds(runs, runOf, z, weights, loss, plan.maxRounds, plan.patience);
  const forest = new ForestBuilder(false);
  let start = 0;
  for (let copy = 0; copy < plan.copies; copy++) {
    const run = new BoostingRun(z, weights, grow, options, generator.split(`copy ${copy}`), forest);
    start = run.start;
    for (let round = 0; round < refitFactor * rounds; round++) run.advance();
  }
  const trees = forest.finish();
  const leafValue = trees.leafValue.map((value) => value / plan.copies);
  return { sum: { start, forest: { ...trees, leafValue } }, heldOut };
}

export function predictBoostedTrees(
  { encoder, target, sums, spread }: BoostedTrees,
  inputs: Inputs,
): Posterior {
  const X = encodeInputs(encoder, inputs);
  const { model, measurement } = forestVariance(predictForest(spread, X));
  const predictions = sums.map((sum) => predictSum(sum, X));
  if (predictions.length === 1) return unscalePosterior(target, predictions[0]!, model, measurement);
  // Each quantile is its own model, and they may cross.
  const sorted = Array.from({ length: X.rowCount }, (_, i) =>
    Float64Array.from(predictions, (prediction) => prediction[i]!).sort(),
  );
  const sdBetween = (lower: number, upper: number): Float64Array =>
    Float64Array.from(sorted, (quantiles) =>
      targetSpread(target, Math.max(minSd, (quantiles[upper]! - quantiles[lower]!) / quantileZ)),
    );
  return {
    kind: 'splitNormal',
    median: Float64Array.from(sorted, (quantiles) => targetValue(target, quantiles[1]!)),
    lowerSd: sdBetween(0, 1),
    upperSd: sdBetween(1, 2),
    modelSd: model.map((variance) => targetSpread(target, Math.sqrt(variance))),
  };
}

/** `predictBoostedTrees` in a graph. */
export function boostedTreesInGraph(
  { encoder, target, sums, spread }: BoostedTrees,
  graph: GraphBuilder,
  inputs: InputGraph,
): PosteriorGraph {
  const X = encodeMatrixInGraph(graph, encoder, inputs);
  const predictions = sums.map(({ start, forest }) =>
    graph.add(start, sumOverTreesInGraph(graph, forest, X)),
  );
  if (predictions.length === 1) {
    const variance = forestVarianceInGraph(graph, forestInGraph(graph, spread, X));
    return unscaleInGraph(graph, target, predictions[0]!, variance);
  }
  const [a, b, c] = predictions as [GraphValue, GraphValue, GraphValue];
  const low = graph.least(a, b, c);
  const high = graph.greatest(a, b, c);
  const middle = graph.greatest(graph.least(a, b), graph.least(graph.greatest(a, b), c));
  const sdBetween = (lower: GraphValue, upper: GraphValue): GraphValue => {
    const sd = graph.divide(graph.subtract(upper, lower), quantileZ);
    return targetSpreadInGraph(graph, target, graph.greatest(minSd, sd));
  };
  return {
    kind: 'splitNormal',
    median: targetValueInGraph(graph, target, middle),
    lowerSd: sdBetween(low, middle),
    upperSd: sdBetween(middle, high),
  };
}

function predictSum({ start, forest }: BoostedSum, X: Matrix): Float64Array {
  return sumOverTrees(forest, X).values.map((sum) => start + sum);
}

/** @throws EngineError with code ARTIFACT_INVALID */
export function checkBoostedTrees(reader: PlainDataReader): BoostedTrees {
  const encoder = checkInputEncoder(reader.field('encoder'));
  const columnCount = describeColumns(encoder).length;
  const sums = reader.field('sums');
  const items = sums.list(quantileLevels.length);
  if (items.length !== 1 && items.length !== quantileLevels.length)
    throw sums.fail(`must have 1 or ${quantileLevels.length} items`);
  return {
    encoder,
    target: checkTargetScale(reader.field('target')),
    sums: items.map((one) => ({
      start: one.field('start').number(),
      forest: checkForest(one.field('forest'), columnCount, false),
    })),
    spread: checkForest(reader.field('spread'), columnCount, true),
  };
}
