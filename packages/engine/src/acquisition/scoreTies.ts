import { normalCdf } from '../special/normalCdf.ts';
import { normalQuantile } from '../special/normalQuantile.ts';
import type { HeldOutErrors } from './heldOutErrors.ts';

/** So many measurements, and this share of them, must be the same for the value to be one that occurs by itself. */
const minTies = 5;
const minShare = 0.05;
/** Fewer rows than this say too little. */
const minRows = 60;
/** Width of the kernel over z-scores of the limit. */
const bandwidth = 0.5;
/** Weight of the model's own probability, as if it were this many rows. */
const priorRows = 3;

/**
 * z-scores of a limit that many measurements hit exactly, such as no conversion at all: a continuous distribution gives
 * that value no probability, so that one half of what is predicted to be there would be on the wrong side of it. The
 * share of held-out rows on the side in question, among those whose own z-score of the limit was alike (Nadaraya 1964,
 * Watson 1964), joined with the model's own probability.
 *
 * @param z z-scores of the limit [m]
 * @param isHitBelow whether a measurement of just the limit counts as below it: true for the upper end of an interval
 * @returns null when the limit is no such value
 */
export function scoreTies(
  z: Float64Array,
  limit: number,
  { y, sd, z: errors }: HeldOutErrors,
  isHitBelow: boolean,
): Float64Array | null {
  const rows = Int32Array.from(y.keys()).filter((i) => !Number.isNaN(errors[i]!));
  const ties = rows.reduce((count, i) => count + (y[i] === limit ? 1 : 0), 0);
  if (rows.length < minRows || ties < minTies || ties < minShare * rows.length) return null;
  const own = Float64Array.from(rows, (i) => errors[i]! + (limit - y[i]!) / sd[i]!);
  const isBelow = Uint8Array.from(rows, (i) => (y[i]! < limit || (isHitBelow && y[i] === limit) ? 1 : 0));
  return z.map((score) => {
    let weights = priorRows;
    let below = priorRows * normalCdf(score);
    own.forEach((other, k) => {
      const weight = Math.exp(-0.5 * ((score - other) / bandwidth) ** 2);
      weights += weight;
      if (isBelow[k] === 1) below += weight;
    });
    return normalQuantile(Math.min(Math.max(below / weights, 1e-12), 1 - 1e-12));
  });
}
