import { normalQuantile } from '../special/normalQuantile.ts';

/** Share of rows whose z-score lies inside the central interval of a nominal level in (0, 1). */
export function coverage(zScores: Float64Array, level: number): number {
  const limit = normalQuantile(0.5 + level / 2);
  return zScores.reduce((count, z) => count + (Math.abs(z) <= limit ? 1 : 0), 0) / zScores.length;
}

/**
 * Interval of a share observed in n independent trials at the given confidence (E. B. Wilson, JASA 22, 1927, 209).
 * Unlike the usual +- it stays within [0, 1] and is right for few trials.
 */
export function wilsonInterval(
  observed: number,
  n: number,
  confidence = 0.95,
): { lower: number; upper: number } {
  const z = normalQuantile(0.5 + confidence / 2);
  const center = (observed + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z * Math.sqrt((observed * (1 - observed)) / n + ((z / n) * z) / (4 * n))) / (1 + (z * z) / n);
  return { lower: Math.max(0, center - half), upper: Math.min(1, center + half) };
}
