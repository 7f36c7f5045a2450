/** Shares of the whole below this are nothing. */
const trace = 1e-12;

/**
 * Divides `rest` among components in the proportions they have, within their bounds: the step along a Cox direction
 * (Cox 1971), where the other components keep their ratios to each other. Components of zero stay at zero unless the
 * others cannot take everything; then the zeros share what is left equally.
 *
 * @param current amounts now [k]
 * @param lower least amounts [k]
 * @param upper most amounts [k]
 * @returns amounts [k] that sum to `rest`, or to the nearest sum the bounds allow
 */
export function shareRest(
  current: readonly number[],
  rest: number,
  lower: readonly number[],
  upper: readonly number[],
): number[] {
  const clip = (value: number, i: number): number => Math.min(upper[i]!, Math.max(lower[i]!, value));
  const isPresent = (value: number): boolean => value > trace * rest;
  const hasAmounts = current.some(isPresent);
  const weights = current.map((value) => (hasAmounts ? (isPresent(value) ? value : 0) : 1));
  const at = (factor: number): number[] => weights.map((weight, i) => clip(weight * factor, i));
  const most = at(Number.MAX_VALUE ** 0.5);
  if (sumOf(most) < rest && hasAmounts) {
    const zeros = current.flatMap((value, i) => (isPresent(value) ? [] : [i]));
    const left = rest - zeros.reduce((sum, i) => sum - most[i]!, sumOf(most));
    const shared =
      zeros.length === 0
        ? []
        : shareRest(
            zeros.map(() => 0),
            left,
            zeros.map((i) => lower[i]!),
            zeros.map((i) => upper[i]!),
          );
    zeros.forEach((i, k) => (most[i] = shared[k]!));
    return most;
  }
  let [low, high] = [0, 1];
  while (sumOf(at(high)) < rest && high < 1 / trace) high *= 2;
  // The sum grows with the factor; 60 halvings find it to the last digit.
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (sumOf(at(middle)) < rest) low = middle;
    else high = middle;
  }
  return at(high);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
