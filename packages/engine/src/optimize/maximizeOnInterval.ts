const goldenRatio = (Math.sqrt(5) - 1) / 2;

/**
 * Place of the maximum of a function with one peak on [low, high], to `tolerance`, by golden-section search (Kiefer
 * 1953). With several peaks, one of them. Values that are not a number count as -Infinity.
 */
export function maximizeOnInterval(
  objective: (x: number) => number,
  low: number,
  high: number,
  tolerance: number,
): number {
  const value = (x: number): number => {
    const found = objective(x);
    return Number.isNaN(found) ? -Infinity : found;
  };
  let left = low;
  let right = high;
  let a = right - goldenRatio * (right - left);
  let b = left + goldenRatio * (right - left);
  let atA = value(a);
  let atB = value(b);
  while (right - left > tolerance) {
    if (atA >= atB) {
      right = b;
      [b, atB] = [a, atA];
      a = right - goldenRatio * (right - left);
      atA = value(a);
    } else {
      left = a;
      [a, atA] = [b, atB];
      b = left + goldenRatio * (right - left);
      atB = value(b);
    }
  }
  return atA >= atB ? a : b;
}
