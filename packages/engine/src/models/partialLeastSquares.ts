import { columnOf, type Matrix } from '../linalg/matrix.ts';
import { PlainDataReader } from '../plainDataReader.ts';
import type { Generator } from '../random/generator.ts';
import { checkInputEncoder } from '../transforms/checkInputEncoder.ts';
import { encodeInputs } from '../transforms/encodeInputs.ts';
import { encodeMatrixInGraph } from '../transforms/inputGraph.ts';
import { describeColumns, fitInputEncoder, type InputEncoder } from '../transforms/inputEncoder.ts';
import { fitTargetScale, standardizeTarget } from '../transforms/targetScale.ts';
import { innerFolds } from './innerFolds.ts';
import { latentDirections, type LatentDirection } from './linear/latentDirections.ts';
import { checkLinearFit, minNoiseVariance, predictLinearFit, type LinearFit } from './linear/linearFit.ts';
import { predictLinearFitInGraph } from './linear/predictLinearFitInGraph.ts';
import { standardizeColumns } from './linear/standardizeColumns.ts';
import { takeFold } from './linear/takeFold.ts';
import type { Model } from './model.ts';
import { SpecChecker } from './specChecker.ts';

type PartialLeastSquaresSpec = {
  /** Components; null for the best number up to ten and a third of the rows. */
  readonly componentCount: number | null;
};

type PartialLeastSquaresFitted = LinearFit & { readonly encoder: InputEncoder };

const maxComponents = 10;
const foldCount = 5;
/** Stands for none: components are orthogonal and need no penalty, but a fit has one. */
const noPenalty = 1e-12;

/**
 * Partial least squares regression (SIMPLS: S. de Jong, Chemometrics and Intelligent Laboratory Systems 18, 1993, 251):
 * a few directions of the columns that vary most with the target. Their number is that with the smallest error in
 * cross-validation within the fit.
 */
export const partialLeastSquaresModel: Model<PartialLeastSquaresSpec, PartialLeastSquaresFitted> = {
  kind: 'partialLeastSquares',
  title: 'Partial least squares',
  simplicity: 3,
  defaultSpec: { componentCount: null },
  isOffered: () => true,
  estimateFitSeconds: (n, d) => 2e-3 + 3e-8 * n * d * maxComponents * (foldCount + 1),

  checkSpec(spec, inputs) {
    new SpecChecker(spec, inputs).wholeNumberOrNull('componentCount', 1, 100);
  },

  fit({ inputs, y, groups }, spec, generator) {
    const n = y.length;
    const encoder = fitInputEncoder(inputs, { missing: 'impute' });
    const X = encodeInputs(encoder, inputs);
    const standard = standardizeColumns(X, encoder);
    const target = fitTargetScale(y);
    const z = standardizeTarget(target, y);
    const mean = z.reduce((sum, value) => sum + value, 0) / n;
    const centred = z.map((value) => value - mean);
    const count = spec.componentCount ?? chooseComponentCount(X, z, groups, generator);
    const found = latentDirections(X, centred, count);
    const coefficients = new Float64Array(X.columnCount);
    const directions = new Float64Array(found.length * X.columnCount);
    const spectrum = new Float64Array(found.length);
    let explained = 0;
    found.forEach(({ weights, loading }, a) => {
      // Scores X w have length 1, so a row's squared leverage along them is (x'w)^2 = (x'v)^2 |w|^2.
      const length = Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
      spectrum[a] = 1 / length ** 2;
      weights.forEach((weight, j) => {
        coefficients[j]! += weight * loading;
        directions[a * X.columnCount + j] = weight / length;
      });
      explained += loading * loading;
    });
    const total = centred.reduce((sum, value) => sum + value * value, 0);
    const fit: LinearFit = {
      target,
      ...standard,
      intercept: mean,
      coefficients,
      directions,
      spectrum,
      penalty: noPenalty,
      // As if each direction left out were known as well as one in which standardised rows have unit variance.
      outsideVariance: 1 / n,
      noiseVariance: Math.max(minNoiseVariance, (total - explained) / Math.max(1, n - 1 - found.length)),
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

function chooseComponentCount(X: Matrix, z: Float64Array, groups: Int32Array, generator: Generator): number {
  const most = Math.max(1, Math.min(maxComponents, Math.floor(z.length / 3), X.columnCount));
  const inner = innerFolds(z, groups, foldCount, generator.split('folds'));
  const errors = new Float64Array(most);
  for (let fold = 0; fold < inner.foldCount; fold++) {
    const part = takeFold(X, z, inner.foldOf, fold);
    const found: readonly LatentDirection[] = latentDirections(part.X, part.z, most);
    const residuals = part.heldOutZ.slice();
    for (let a = 0; a < most; a++) {
      const direction = found[a];
      if (direction !== undefined)
        direction.weights.forEach((weight, j) => {
          const x = columnOf(part.heldOutX, j);
          for (let i = 0; i < x.length; i++) residuals[i]! -= x[i]! * weight * direction.loading;
        });
      errors[a]! += residuals.reduce((sum, value) => sum + value * value, 0);
    }
  }
  return 1 + errors.indexOf(Math.min(...errors));
}
