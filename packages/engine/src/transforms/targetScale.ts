import { powerOfTwoAbove } from '../linalg/powerOfTwoAbove.ts';
import type { PlainDataReader } from '../plainDataReader.ts';

/**
 * Standardisation of a target: z = (y / magnitude - centre) / spread. The magnitude is a power of two, so that
 * squares of targets around 1e300 or 1e-320 neither overflow nor vanish.
 */
export type TargetScale = {
  readonly magnitude: number;
  /** Mean of y / magnitude. */
  readonly centre: number;
  /** Standard deviation of y / magnitude; > 0. */
  readonly spread: number;
};

/** Mean and standard deviation (n - 1) of finite y [n]. Equal values say nothing of the spread: then it is 1. */
export function fitTargetScale(y: Float64Array): TargetScale {
  const magnitude = powerOfTwoAbove(y);
  let centre = 0;
  for (const value of y) centre += value / magnitude / y.length;
  let square = 0;
  for (const value of y) square += (value / magnitude - centre) ** 2;
  const spread = y.length < 2 ? 0 : Math.sqrt(square / (y.length - 1));
  // Rounding alone makes about 1e-16 of a spread among equal values.
  return { magnitude, centre, spread: spread > 1e-15 ? spread : 1 };
}

/** Standardised target z [n]. */
export function standardizeTarget({ magnitude, centre, spread }: TargetScale, y: Float64Array): Float64Array {
  return y.map((value) => (value / magnitude - centre) / spread);
}

/** A standardised value in the unit of the target. */
export function targetValue({ magnitude, centre, spread }: TargetScale, z: number): number {
  return (centre + spread * z) * magnitude;
}

/** A standardised standard deviation in the unit of the target; stays above zero for every sd > 0. */
export function targetSpread({ magnitude, spread }: TargetScale, sd: number): number {
  const scaled = spread * sd * magnitude;
  return scaled === 0 && sd > 0 ? Number.MIN_VALUE : scaled;
}

/** @throws EngineError with code ARTIFACT_INVALID */
export function checkTargetScale(reader: PlainDataReader): TargetScale {
  return {
    magnitude: reader.field('magnitude').number({ min: Number.MIN_VALUE }),
    centre: reader.field('centre').number({ min: -1, max: 1 }),
    spread: reader.field('spread').number({ min: Number.MIN_VALUE, max: 2 }),
  };
}
