/**
 * Solves f(y_i) = target_i for an increasing f within [low_i, high_i], all rows at once; where the target lies outside
 * what f takes there, the nearer end is the answer.
 *
 * Regula falsi with the weight of N. Anderson and A. Bjorck (BIT 13, 1973, 253): an end that stays for two steps has
 * its error lowered, so that both ends close in. z-scores are nearly straight lines and need few steps.
 */
export function solveIncreasing(
  f: (y: Float64Array) => Float64Array,
  target: Float64Array,
  low: Float64Array,
  high: Float64Array,
): Float64Array {
  const left = low.slice();
  const right = high.slice();
  const leftError = f(left).map((value, i) => value - target[i]!);
  const rightError = f(right).map((value, i) => value - target[i]!);
  const solution = left.map((value, i) => (leftError[i]! >= 0 ? value : right[i]!));
  const isOpen = leftError.map((error, i) => (error < 0 && rightError[i]! > 0 ? 1 : 0));
  /** Which end moved last: -1 left, 1 right. */
  const moved = new Int8Array(solution.length);
  // Halving alone would need 1075 steps at most; regula falsi takes under 15 on posteriors.
  for (let step = 0; step < 1100 && isOpen.includes(1); step++) {
    for (let i = 0; i < solution.length; i++) {
      if (isOpen[i] === 0) continue;
      const share = leftError[i]! / (leftError[i]! - rightError[i]!);
      const next = left[i]! + (right[i]! - left[i]!) * share;
      if (!(next > left[i]! && next < right[i]!)) isOpen[i] = 0;
      solution[i] = Math.min(Math.max(next, left[i]!), right[i]!);
    }
    const value = f(solution);
    for (let i = 0; i < solution.length; i++) {
      if (isOpen[i] === 0) continue;
      const error = value[i]! - target[i]!;
      if (Math.abs(error) <= 1e-13 * (1 + Math.abs(target[i]!))) {
        isOpen[i] = 0;
      } else if (error < 0) {
        if (moved[i] === -1) rightError[i]! *= weightOf(error, leftError[i]!);
        left[i] = solution[i]!;
        leftError[i] = error;
        moved[i] = -1;
      } else {
        if (moved[i] === 1) leftError[i]! *= weightOf(error, rightError[i]!);
        right[i] = solution[i]!;
        rightError[i] = error;
        moved[i] = 1;
      }
    }
  }
  return solution;
}

function weightOf(error: number, replaced: number): number {
  const weight = 1 - error / replaced;
  return weight > 0 ? weight : 0.5;
}
