import { columnOf, type Matrix } from '../../linalg/matrix.ts';
import type { PlainDataReader } from '../../plainDataReader.ts';
import type { NormalPosterior } from '../../posteriors/posterior.ts';
import { checkTargetScale, type TargetScale } from '../../transforms/targetScale.ts';
import { unscalePosterior } from '../unscalePosterior.ts';

/** A regression that is linear in d columns, with the uncertainty of its coefficients. */
export type LinearFit = {
  readonly target: TargetScale;
  /** Mean of each column [d]. */
  readonly centers: Float64Array;
  /** What each centred column is divided by [d]. */
  readonly scales: Float64Array;
  readonly intercept: number;
  /** Of the standardised columns, for the standardised target [d]. */
  readonly coefficients: Float64Array;
  /** Directions of the standardised columns in which the coefficients are known, one after the other [k * d]. */
  readonly directions: Float64Array;
  /** Squared length of the rows along each direction, `penalty` not included [k]. */
  readonly spectrum: Float64Array;
  readonly penalty: number;
  /** Variance, over that of the noise, of a row's squared length outside all directions. */
  readonly outsideVariance: number;
  /** Of the standardised target. */
  readonly noiseVariance: number;
  /** n */
  readonly rowCount: number;
};

/** Smallest noise variance of a standardised target: a millionth of its standard deviation. */
export const minNoiseVariance = 1e-12;

/**
 * Mean and variance at rows X [m, d], which is overwritten: s^2 (1 + 1/n + sum_k (x'v_k)^2 / (spectrum_k + penalty) +
 * outside |x - sum_k (x'v_k) v_k|^2). The posterior's model part leaves out the 1.
 */
export function predictLinearFit(fit: LinearFit, X: Matrix): NormalPosterior {
  const { coefficients, directions, spectrum, penalty, noiseVariance } = fit;
  const d = X.columnCount;
  const m = X.rowCount;
  const z = new Float64Array(m).fill(fit.intercept);
  // Squared length of each row, and from it the part outside the directions seen.
  const rest = new Float64Array(m);
  for (let j = 0; j < d; j++) {
    const x = columnOf(X, j);
    for (let i = 0; i < m; i++) {
      x[i] = (x[i]! - fit.centers[j]!) / fit.scales[j]!;
      z[i]! += coefficients[j]! * x[i]!;
      rest[i]! += x[i]! * x[i]!;
    }
  }
  const variance = new Float64Array(m).fill(1 / fit.rowCount);
  const along = new Float64Array(m);
  for (let c = 0; c < spectrum.length; c++) {
    along.fill(0);
    for (let j = 0; j < d; j++) {
      const x = columnOf(X, j);
      const v = directions[c * d + j]!;
      for (let i = 0; i < m; i++) along[i]! += v * x[i]!;
    }
    for (let i = 0; i < m; i++) {
      const square = along[i]! * along[i]!;
      variance[i]! += square / (spectrum[c]! + penalty);
      rest[i]! -= square;
    }
  }
  for (let i = 0; i < m; i++) variance[i]! += Math.max(0, rest[i]!) * fit.outsideVariance;
  return unscalePosterior(
    fit.target,
    z,
    variance.map((value) => noiseVariance * value),
    variance.map((value) => noiseVariance * (1 + value)),
  );
}

/** @throws EngineError with code ARTIFACT_INVALID */
export function checkLinearFit(reader: PlainDataReader, d: number): LinearFit {
  const spectrum = reader.field('spectrum').float64(undefined, { min: 0 });
  return {
    target: checkTargetScale(reader.field('target')),
    centers: reader.field('centers').float64(d),
    scales: reader.field('scales').float64(d, { min: Number.MIN_VALUE }),
    intercept: reader.field('intercept').number(),
    coefficients: reader.field('coefficients').float64(d),
    directions: reader.field('directions').float64(spectrum.length * d, { min: -2, max: 2 }),
    spectrum,
    penalty: reader.field('penalty').number({ min: Number.MIN_VALUE }),
    outsideVariance: reader.field('outsideVariance').number({ min: 0 }),
    noiseVariance: reader.field('noiseVariance').number({ min: Number.MIN_VALUE }),
    rowCount: reader.field('rowCount').number({ min: 1, integer: true }),
  };
}
