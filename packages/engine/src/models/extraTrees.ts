import { PlainDataReader } from '../plainDataReader.ts';
import { checkInputEncoder } from '../transforms/checkInputEncoder.ts';
import { encodeInputs } from '../transforms/encodeInputs.ts';
import { encodeMatrixInGraph } from '../transforms/inputGraph.ts';
import { describeColumns, fitInputEncoder, type InputEncoder } from '../transforms/inputEncoder.ts';
import {
  checkTargetScale,
  fitTargetScale,
  standardizeTarget,
  targetSpread,
  targetValue,
  type TargetScale,
} from '../transforms/targetScale.ts';
import { checkForest } from './trees/checkForest.ts';
import { forestInGraph } from './trees/forestGraph.ts';
import { unscaleInGraph } from './unscaleInGraph.ts';
import type { Forest } from './trees/forest.ts';
import { ForestBuilder } from './trees/forestBuilder.ts';
import { growExtraTrees } from './trees/growExtraTrees.ts';
import type { Model } from './model.ts';
import { SpecChecker } from './specChecker.ts';
import { predictForest } from './trees/predictForest.ts';

type ExtraTreesSpec = {
  readonly treeCount: number;
  /** Share of the columns tried at each split. */
  readonly featureShare: number;
  /** Least number of rows in a leaf; null for one row, more above 4000 rows. */
  readonly minLeafRows: number | null;
};

type ExtraTreesFitted = {
  readonly encoder: InputEncoder;
  readonly target: TargetScale;
  readonly forest: Forest;
};

/** Rows behind the variance of a leaf: fewer say nothing of it, more blur where the target is noisy and where not. */
const minVarianceRows = 5;
/** Rows' worth of belief in the mean variance of all leaves, which keeps quiet corners from claiming certainty. */
const variancePriorRows = 0.5;
/** Smallest variance of a standardised target: a millionth of its standard deviation. */
const minVariance = 1e-12;

/**
 * Extremely randomised trees (P. Geurts, D. Ernst, L. Wehenkel, Machine Learning 63, 2006, 3). The variance is that of
 * the law of total variance over trees (F. Hutter et al., Artificial Intelligence 206, 2014, 79, section 4.3.2):
 * between the trees' means for what is not known of the property, plus the mean variance within leaves for a
 * measurement. Leaves of one row have none of their own and take that of the smallest node above with five rows.
 */
export const extraTreesModel: Model<ExtraTreesSpec, ExtraTreesFitted> = {
  kind: 'extraTrees',
  family: 'trees',
  title: 'Extra trees',
  simplicity: 5,
  defaultSpec: { treeCount: 300, featureShare: 1, minLeafRows: null },
  isOffered: (rowCount) => rowCount >= 15,
  // Measured for 300 trees: 0.02 s at 30 x 8, 0.22 s at 120 x 46, 0.6 s at 1000 x 8, 2.0 s at 1000 x 40.
  estimateFitSeconds: (n, d) => 0.01 + 300 * n * Math.log2(n + 1) * (5e-8 + 1.5e-8 * d),
  // About 60 bytes a split and its leaf, in numbers that grow with the rows of a tree.
  estimateFitBytes: (n) => 300 * 60 * n,

  checkSpec(spec, inputs) {
    const check = new SpecChecker(spec, inputs);
    check.wholeNumber('treeCount', 2, 5000);
    check.share('featureShare');
    check.wholeNumberOrNull('minLeafRows', 1, 1_000_000);
  },

  fit({ inputs, y }, spec, generator) {
    const encoder = fitInputEncoder(inputs, { missing: 'keep', hasTotal: true });
    const X = encodeInputs(encoder, inputs);
    const target = fitTargetScale(y);
    const z = standardizeTarget(target, y);
    const options = {
      featuresTried: Math.max(1, Math.round(spec.featureShare * X.columnCount)),
      // One row is best up to some thousand rows; beyond, larger leaves cost no accuracy and keep the model small.
      minLeafRows: spec.minLeafRows ?? Math.max(1, Math.floor(y.length / 2000)),
      minVarianceRows,
    };
    const builder = new ForestBuilder(true);
    growExtraTrees(X, z, options, spec.treeCount, generator, builder);
    const forest = builder.finish();
    return { fitted: { encoder, target, forest: shareVariances(forest) }, warnings: [] };
  },

  predict({ encoder, target, forest }, inputs) {
    const { mean, betweenTrees, withinLeaves } = predictForest(forest, encodeInputs(encoder, inputs));
    return {
      kind: 'normal',
      mean: mean.map((value) => targetValue(target, value)),
      modelSd: betweenTrees.map((between) => targetSpread(target, Math.sqrt(between))),
      measurementSd: betweenTrees.map((between, i) =>
        targetSpread(target, Math.sqrt(Math.max(minVariance, between + withinLeaves[i]!))),
      ),
    };
  },

  predictInGraph({ encoder, target, forest }, graph, inputs) {
    const X = encodeMatrixInGraph(graph, encoder, inputs);
    const { mean, betweenTrees, withinLeaves } = forestInGraph(graph, forest, X);
    const variance = graph.greatest(minVariance, graph.add(betweenTrees, withinLeaves));
    return unscaleInGraph(graph, target, mean, variance);
  },

  check(data) {
    const reader = new PlainDataReader(data);
    const encoder = checkInputEncoder(reader.field('encoder'));
    return {
      encoder,
      target: checkTargetScale(reader.field('target')),
      forest: checkForest(reader.field('forest'), describeColumns(encoder).length, true),
    };
  },

  exemptions: {
    widens: 'trees are constant beyond the last threshold, and so is their spread',
  },
};

/** Every leaf's variance drawn a little towards the mean of all: (5 v + 0.5 mean) / 5.5. */
function shareVariances(forest: Forest): Forest {
  const variances = forest.leafVariance!;
  const mean = variances.reduce((sum, v) => sum + v, 0) / variances.length;
  const weight = variancePriorRows / (minVarianceRows + variancePriorRows);
  return { ...forest, leafVariance: variances.map((v) => (1 - weight) * v + weight * mean) };
}
