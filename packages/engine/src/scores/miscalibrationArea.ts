import { coverage } from './coverage.ts';

const levels = 100;

/**
 * Area between nominal and observed coverage of central intervals, int_0^1 |observed(p) - p| dp, by the midpoints of
 * 100 levels. 0 is perfect; below 0.05 is good, above 0.1 poor; n independent rows alone give about 0.4 / sqrt(n).
 * (V. Kuleshov, N. Fenner, S. Ermon, ICML 2018.)
 */
export function miscalibrationArea(zScores: Float64Array): number {
  let area = 0;
  for (let k = 0; k < levels; k++) {
    const level = (k + 0.5) / levels;
    area += Math.abs(coverage(zScores, level) - level) / levels;
  }
  return area;
}
