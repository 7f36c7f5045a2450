const levels = 100;

/**
 * Area between nominal and observed coverage of central intervals, int_0^1 |observed(p) - p| dp, by the midpoints of
 * 100 levels. 0 is perfect; below 0.05 is good, above 0.1 poor; n independent rows alone give about 0.4 / sqrt(n).
 * (V. Kuleshov, N. Fenner, S. Ermon, ICML 2018.)
 *
 * @param observed share of rows inside the central interval of a nominal level in (0, 1)
 */
export function miscalibrationArea(observed: (level: number) => number): number {
  let area = 0;
  for (let k = 0; k < levels; k++) {
    const level = (k + 0.5) / levels;
    area += Math.abs(observed(level) - level) / levels;
  }
  return area;
}
