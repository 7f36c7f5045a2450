import { columnOf, createMatrix, type Matrix } from '../linalg/matrix.ts';
import { decomposeSingularValues } from '../linalg/singularValues.ts';
import { PlainDataReader } from '../plainDataReader.ts';
import type { Generator } from '../random/generator.ts';
import { checkInputEncoder } from '../transforms/checkInputEncoder.ts';
import { encodeInputs } from '../transforms/encodeInputs.ts';
import { encodeMatrixInGraph } from '../transforms/inputGraph.ts';
import { describeColumns, fitInputEncoder, type InputEncoder } from '../transforms/inputEncoder.ts';
import { fitTargetScale, standardizeTarget } from '../transforms/targetScale.ts';
import { innerFolds } from './innerFolds.ts';
import { checkLinearFit, minNoiseVariance, predictLinearFit, type LinearFit } from './linear/linearFit.ts';
import { crossProducts, penalizedPath } from './linear/penalizedPath.ts';
import { predictLinearFitInGraph } from './linear/predictLinearFitInGraph.ts';
import { standardizeColumns } from './linear/standardizeColumns.ts';
import { takeFold } from './linear/takeFold.ts';
import type { Model } from './model.ts';
import { SpecChecker } from './specChecker.ts';

type ElasticNetSpec = {
  /** Share of the absolute values in the penalty; null for the best of 0.1, 0.5, 0.9 and 1. */
  readonly mixing: number | null;
  /** Weight of the penalty on the standardised scale; null for the best of `penaltyCount`. */
  readonly penalty: number | null;
  /** Penalties tried, evenly spaced in their logarithm, from the one that leaves no column. */
  readonly penaltyCount: number;
  /** The smallest of them as a share of the largest. */
  readonly smallestShare: number;
};

type ElasticNetFitted = LinearFit & { readonly encoder: InputEncoder };

const mixings = [0.1, 0.5, 0.9, 1];
/** Cross-validation within the fit: five folds, dealt twice. */
const foldCount = 5;
const repeats = 2;
/** Change of a standardised coefficient below which descent has arrived: while comparing penalties, and in the end. */
const roughTolerance = 1e-4;
const fineTolerance = 1e-10;
/** Smallest penalty of the variance of the chosen columns, against columns that say the same. */
const leastRidge = 1e-8;

/**
 * The elastic net (H. Zou and T. Hastie, Journal of the Royal Statistical Society B 67, 2005, 301): a linear model that
 * leaves out columns. Penalty and mixing are those with the smallest error in cross-validation within the fit. The
 * spread is that of ridge regression on the columns that stayed.
 */
export const elasticNetModel: Model<ElasticNetSpec, ElasticNetFitted> = {
  kind: 'elasticNet',
  family: 'linear',
  title: 'Elastic net',
  simplicity: 1.5,
  defaultSpec: { mixing: null, penalty: null, penaltyCount: 60, smallestShare: 1e-3 },
  // Beside ridge regression and the response surface it made ensembles no better (decision 0011).
  isOffered: () => false,
  // Measured: 0.05 s at 120 x 46, 0.24 to 0.43 s at 120 x 217, 0.11 s at 1000 x 46.
  estimateFitSeconds: (n, d) => 5e-3 + 1e-8 * n * d * d + 7e-6 * d * (50 + d),

  checkSpec(spec, inputs) {
    const check = new SpecChecker(spec, inputs);
    const isPositive = (value: number | null, most: number): boolean =>
      value === null || (value > 0 && value <= most);
    if (!isPositive(spec.mixing, 1)) check.refuse('mixing', 'above 0 and at most 1, or null');
    if (!isPositive(spec.penalty, 1e6)) check.refuse('penalty', 'above 0 and at most 1000000, or null');
    check.wholeNumber('penaltyCount', 2, 1000);
    check.between('smallestShare', 1e-9, 0.9);
  },

  fit({ inputs, y, groups }, spec, generator) {
    const encoder = fitInputEncoder(inputs, { missing: 'impute' });
    const X = encodeInputs(encoder, inputs);
    const standard = standardizeColumns(X, encoder);
    const target = fitTargetScale(y);
    const z = standardizeTarget(target, y);
    const n = y.length;
    const mean = z.reduce((sum, value) => sum + value, 0) / n;
    const centred = z.map((value) => value - mean);
    const products = crossProducts(X, centred);
    const { mixing, penalties } = choosePenalty(X, z, groups, products.target, spec, generator);
    const coefficients = penalizedPath(products, mixing, penalties, fineTolerance).at(-1)!;
    const kept = Array.from(coefficients.keys()).filter((j) => coefficients[j] !== 0);
    const residualSquares = squaresOf(X, centred, coefficients);
    const fit: LinearFit = {
      target,
      ...standard,
      intercept: mean,
      coefficients,
      ...directionsOf(X, kept),
      penalty: Math.max(leastRidge, n * penalties.at(-1)! * (1 - mixing)),
      outsideVariance: 0,
      noiseVariance: Math.max(minNoiseVariance, residualSquares / Math.max(1, n - 1 - kept.length)),
      rowCount: n,
    };
    return { fitted: { encoder, ...fit }, warnings: [] };
  },

  predict: (fitted, inputs) => predictLinearFit(fitted, encodeInputs(fitted.encoder, inputs)),

  predictInGraph: (fitted, graph, inputs) =>
    predictLinearFitInGraph(fitted, graph, inputs, (own) => encodeMatrixInGraph(own, fitted.encoder, inputs)),

  check(data) {
    const reader = new PlainDataReader(data);
    const encoder = checkInputEncoder(reader.field('encoder'));
    return { encoder, ...checkLinearFit(reader, describeColumns(encoder).length) };
  },
};

/** The penalties from the largest to the chosen one, through which descent goes, and their mixing. */
function choosePenalty(
  X: Matrix,
  z: Float64Array,
  groups: Int32Array,
  correlations: Float64Array,
  spec: ElasticNetSpec,
  generator: Generator,
): { mixing: number; penalties: readonly number[] } {
  const strongest = correlations.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const candidates = spec.mixing === null ? mixings : [spec.mixing];
  const paths = candidates.map((mixing) => {
    const largest = Math.max(strongest / mixing, Number.MIN_VALUE);
    if (spec.penalty !== null) return { mixing, penalties: [spec.penalty] };
    return {
      mixing,
      penalties: Array.from(
        { length: spec.penaltyCount },
        (_, k) => largest * spec.smallestShare ** (k / (spec.penaltyCount - 1)),
      ),
    };
  });
  if (paths.length === 1 && spec.penalty !== null) return paths[0]!;
  const errors = paths.map(({ penalties }) => new Float64Array(penalties.length));
  for (let repeat = 0; repeat < repeats; repeat++) {
    const inner = innerFolds(z, groups, foldCount, generator.split(`folds ${repeat}`));
    for (let fold = 0; fold < inner.foldCount; fold++) {
      const part = takeFold(X, z, inner.foldOf, fold);
      const products = crossProducts(part.X, part.z);
      paths.forEach(({ mixing, penalties }, p) =>
        penalizedPath(products, mixing, penalties, roughTolerance).forEach((coefficients, k) => {
          errors[p]![k]! += squaresOf(part.heldOutX, part.heldOutZ, coefficients);
        }),
      );
    }
  }
  let best = { path: 0, step: 0 };
  errors.forEach((row, path) =>
    row.forEach((error, step) => {
      if (error < errors[best.path]![best.step]!) best = { path, step };
    }),
  );
  const { mixing, penalties } = paths[best.path]!;
  return { mixing, penalties: penalties.slice(0, best.step + 1) };
}

/** |z - X b|^2 */
function squaresOf(X: Matrix, z: Float64Array, coefficients: Float64Array): number {
  const residuals = z.slice();
  coefficients.forEach((coefficient, j) => {
    if (coefficient === 0) return;
    const x = columnOf(X, j);
    for (let i = 0; i < x.length; i++) residuals[i]! -= coefficient * x[i]!;
  });
  return residuals.reduce((sum, value) => sum + value * value, 0);
}

/** Directions and lengths of the columns that were kept, as parts of all columns. */
function directionsOf(X: Matrix, kept: readonly number[]): Pick<LinearFit, 'directions' | 'spectrum'> {
  const part = createMatrix(X.rowCount, kept.length);
  kept.forEach((j, k) => columnOf(part, k).set(columnOf(X, j)));
  const { values, V } = decomposeSingularValues(part);
  const directions = new Float64Array(values.length * X.columnCount);
  for (let c = 0; c < values.length; c++)
    columnOf(V, c).forEach((value, k) => (directions[c * X.columnCount + kept[k]!] = value));
  return { directions, spectrum: values.map((value) => value ** 2) };
}
