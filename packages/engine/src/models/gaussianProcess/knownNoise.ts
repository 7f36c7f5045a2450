import { EngineError } from '../../engineError.ts';
import { unwarping, warpLogSlope } from '../../transforms/targetWarp.ts';
import type { Inputs } from '../inputs.ts';
import type { FittedGaussianProcess, NoiseTrend } from './fittedGaussianProcess.ts';

/** Inputs apart from the column that says how exact each measurement is. */
export interface SplitInputs {
  readonly conditions: Inputs;
  /** Standard deviation of each measurement, in the unit of the target [n]; null without such a column. */
  readonly noiseSd: Float64Array | null;
}

/** @throws EngineError when the column is absent, not numeric, or holds no standard deviations. */
export function splitKnownNoise(inputs: Inputs, noiseColumn: string | null): SplitInputs {
  if (noiseColumn === null) return { conditions: inputs, noiseSd: null };
  const noiseSd = readNoise(inputs, noiseColumn);
  if (noiseSd === null)
    throw new EngineError('COLUMN_UNKNOWN', `there is no input ${noiseColumn} to read the noise from`, {
      column: noiseColumn,
    });
  const row = noiseSd.findIndex((sd) => !(sd >= 0));
  if (row >= 0)
    throw new EngineError(
      'CELL_INVALID',
      `${noiseColumn} must be a standard deviation, 0 or more, in every row; row ${row + 1} has none`,
      { column: noiseColumn },
    );
  return {
    conditions: { ...inputs, columns: inputs.columns.filter(({ column }) => column.key !== noiseColumn) },
    noiseSd,
  };
}

/**
 * Variance of a new measurement on the scale of z [m]: `usual`, by the trend where there is one, or what the noise
 * column of these inputs says, taken to that scale at the predicted mean.
 */
export function knownNoiseAt(
  { noiseColumn, noiseTrend, warp }: FittedGaussianProcess,
  inputs: Inputs,
  latentMean: Float64Array,
  usual: number,
): Float64Array {
  const noiseSd = noiseColumn === null ? null : readNoise(inputs, noiseColumn);
  const learnt = noiseByTrend(noiseTrend, latentMean, usual);
  const unwarp = unwarping(warp);
  return latentMean.map((z, i) => {
    const sd = noiseSd?.[i] ?? NaN;
    if (!(sd >= 0)) return learnt[i]!;
    return Math.max((sd * Math.exp(warpLogSlope(warp, unwarp(z)))) ** 2, leastVariance);
  });
}

/** Variance of a measurement at these standardised targets [m]. */
export function noiseByTrend(trend: NoiseTrend | null, z: Float64Array, usual: number): Float64Array {
  if (trend === null) return new Float64Array(z.length).fill(usual);
  const { slope, least, greatest } = trend;
  return z.map((value) => usual * Math.exp(slope * Math.min(Math.max(value, least), greatest)));
}

/** A measurement is never without any error: 1e-6 of the target's variance. */
export const leastVariance = 1e-6;

/** Null when there is no such column. */
function readNoise(inputs: Inputs, key: string): Float64Array | null {
  const column = inputs.columns.find((input) => input.column.key === key)?.column;
  if (column === undefined) return null;
  if (column.kind !== 'numeric')
    throw new EngineError('VARIABLE_CONFLICT', `${key} must be numeric to be a standard deviation`, {
      column: key,
    });
  return column.values;
}
