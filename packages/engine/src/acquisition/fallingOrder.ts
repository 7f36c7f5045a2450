/** Stale values count as this much larger, so that rounding of a sum that should have fallen makes no difference. */
const roundingMargin = 1e-12;

/**
 * The best of candidates whose values hardly ever rise, as improvements do while a batch grows: what a value was is a
 * bound of what it is, so that only those are found again that may be the best (Minoux 1978).
 */
export class FallingOrder {
  /** At least the value of each candidate. */
  readonly #bounds: Float64Array;
  readonly #isFound: Uint8Array;
  readonly #valueOf: (candidate: number) => number;

  /** @param bounds at least the value of each candidate, Infinity where nothing is known; kept and changed */
  constructor(bounds: Float64Array, valueOf: (candidate: number) => number) {
    this.#bounds = bounds;
    this.#isFound = new Uint8Array(bounds.length);
    this.#valueOf = valueOf;
  }

  /** Values have changed; none of them rose by more than `rise` >= 0, beyond rounding. */
  expire(rise: number): void {
    this.#isFound.fill(0);
    this.#bounds.forEach((bound, i, bounds) => {
      if (bound > -Infinity) bounds[i] = bound + roundingMargin * Math.abs(bound) + rise;
    });
  }

  at(candidate: number): number {
    if (this.#isFound[candidate] === 0) {
      this.#isFound[candidate] = 1;
      this.#bounds[candidate] = this.#valueOf(candidate);
    }
    return this.#bounds[candidate]!;
  }

  /** The open candidate with the greatest value above -Infinity, the first of equal ones; -1 for none. */
  best(isOpen: (candidate: number) => boolean): number {
    const bounds = this.#bounds;
    let likely = -1;
    for (let i = 0; i < bounds.length; i++)
      if (isOpen(i) && bounds[i]! > (likely < 0 ? -Infinity : bounds[likely]!)) likely = i;
    if (likely < 0) return -1;
    const floor = this.at(likely);
    let best = -1;
    let most = -Infinity;
    for (let i = 0; i < bounds.length; i++)
      if (bounds[i]! >= floor && bounds[i]! > most && isOpen(i) && this.at(i) > most) {
        best = i;
        most = bounds[i]!;
      }
    return best;
  }
}
