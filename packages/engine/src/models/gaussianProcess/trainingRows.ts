import { takeMatrixRows, type Matrix } from '../../linalg/matrix.ts';
import type { ReplicateGroups } from './groupReplicates.ts';

/**
 * What a Gaussian process is fitted to: m rows with different features, each the mean of r_i measurements. Repeated
 * measurements are collapsed without loss (Binois, Gramacy & Ludkovski 2018, section 2): the likelihood of all N
 * measurements is that of the m means with noise sn2 / r_i, times a factor of sn2 and the scatter alone.
 */
export interface TrainingRows {
  /** [m, d] */
  readonly features: Matrix;
  /** Mean of the standardised target [m]. */
  readonly z: Float64Array;
  /** Measurements of each row, r_i [m]. */
  readonly counts: Float64Array;
  /** Sum of squared deviations from the mean in each row [m]. */
  readonly scatter: Float64Array;
  /** Variance of each row's mean where the user knows it [m]; null when the noise is learnt. */
  readonly knownNoise: Float64Array | null;
}

/** Rows that were measured once each. */
export function singleRows(features: Matrix, z: Float64Array): TrainingRows {
  return {
    features,
    z,
    counts: new Float64Array(z.length).fill(1),
    scatter: new Float64Array(z.length),
    knownNoise: null,
  };
}

/**
 * Collapses measurements z [N] of rows X [N, d]. With known variances [N] the mean of a row is weighted by them.
 */
export function collapseReplicates(
  X: Matrix,
  z: Float64Array,
  { representatives, members }: ReplicateGroups,
  knownVariances: Float64Array | null,
): TrainingRows {
  const weightOf = (row: number): number => (knownVariances === null ? 1 : 1 / knownVariances[row]!);
  const sumOver = (rows: Int32Array, term: (row: number) => number): number => {
    let sum = 0;
    for (const row of rows) sum += term(row);
    return sum;
  };
  const precision = Float64Array.from(members, (rows) => sumOver(rows, weightOf));
  const mean = Float64Array.from(
    members,
    (rows, g) => sumOver(rows, (row) => weightOf(row) * z[row]!) / precision[g]!,
  );
  return {
    features: takeMatrixRows(X, representatives),
    z: mean,
    counts: Float64Array.from(members, (rows) => rows.length),
    scatter: Float64Array.from(members, (rows, g) => sumOver(rows, (row) => (z[row]! - mean[g]!) ** 2)),
    knownNoise: knownVariances === null ? null : precision.map((value) => 1 / value),
  };
}

/** The rows at `rows`, in that order, as if the others had not been measured. */
export function takeTrainingRows(
  { features, z, counts, scatter, knownNoise }: TrainingRows,
  rows: Int32Array,
): TrainingRows {
  const take = (values: Float64Array): Float64Array => Float64Array.from(rows, (i) => values[i]!);
  return {
    features: takeMatrixRows(features, rows),
    z: take(z),
    counts: take(counts),
    scatter: take(scatter),
    knownNoise: knownNoise === null ? null : take(knownNoise),
  };
}

/** What replicates say of the noise beyond their means. */
export interface ReplicateSummary {
  /** N - m, measurements beyond the first of their row. */
  readonly spare: number;
  readonly scatter: number;
  /** Sum of log r_i. */
  readonly logCounts: number;
}

export function summarizeReplicates({ counts, scatter }: TrainingRows): ReplicateSummary {
  let spare = 0;
  let logCounts = 0;
  let total = 0;
  for (let i = 0; i < counts.length; i++) {
    spare += counts[i]! - 1;
    logCounts += Math.log(counts[i]!);
    total += scatter[i]!;
  }
  return { spare, scatter: total, logCounts };
}

/**
 * The same where the noise variance of a row is `factors` [m] times the usual one: scatter counts by that much less, and
 * the logarithms of the factors take the place of the usual noise's.
 */
export function summarizeByFactors(
  { counts, scatter }: TrainingRows,
  factors: Float64Array,
): ReplicateSummary {
  let spare = 0;
  let logCounts = 0;
  let total = 0;
  for (let i = 0; i < counts.length; i++) {
    spare += counts[i]! - 1;
    logCounts += Math.log(counts[i]!) + (counts[i]! - 1) * Math.log(factors[i]!);
    total += scatter[i]! / factors[i]!;
  }
  return { spare, scatter: total, logCounts };
}

/**
 * Log density of the scatter within the rows given the means: the factor by which the likelihood of all measurements
 * differs from that of the means.
 */
export function replicateLogDensity(
  { spare, scatter, logCounts }: ReplicateSummary,
  noiseVariance: number,
): number {
  return -0.5 * (spare * Math.log(2 * Math.PI * noiseVariance) + scatter / noiseVariance + logCounts);
}
