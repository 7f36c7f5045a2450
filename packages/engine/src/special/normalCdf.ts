import { erfc, erfcx } from './erfc.ts';

/**
 * Distribution function of the standard normal, P(Z <= z). Relative error below 1e-15 (1 + z^2); zero below
 * z = -38.5.
 */
export function normalCdf(z: number): number {
  return 0.5 * erfc(-z * Math.SQRT1_2);
}

/** log P(Z <= z) without underflow, for every finite z. Relative error below 1e-14. */
export function normalLogCdf(z: number): number {
  if (z >= -1) return Math.log1p(-0.5 * erfc(z * Math.SQRT1_2));
  return Math.log(0.5 * erfcx(-z * Math.SQRT1_2)) - 0.5 * z * z;
}
