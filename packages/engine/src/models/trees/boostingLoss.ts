/** What boosting lowers, round by round (J. Friedman, Annals of Statistics 29, 2001, 1189, sections 4.1 to 4.4). */
export interface BoostingLoss {
  /** The constant to start from. */
  start(z: Float64Array, weights: Float64Array): number;
  /** What the next tree is fitted to, from the errors z - F of the rows with weight [n]; in place. */
  toPseudoResiduals(errors: Float64Array, weights: Float64Array): void;
  /** Loss of one row by its error z - F. */
  score(error: number): number;
  /** Value of a leaf from the errors of its rows; null where the mean of their pseudo-residuals is the value. */
  readonly leafValue: ((errors: Float64Array, weights: Float64Array) => number) | null;
}

/** Share of the errors that Huber's loss takes for ordinary. */
const ordinaryShare = 0.9;

export const squaredLoss: BoostingLoss = {
  start: (z, weights) => {
    let sum = 0;
    let weight = 0;
    for (let i = 0; i < z.length; i++) {
      sum += weights[i]! * z[i]!;
      weight += weights[i]!;
    }
    return sum / weight;
  },
  toPseudoResiduals: () => {},
  score: (error) => error * error,
  leafValue: null,
};

/**
 * Huber's loss: errors beyond the 0.9 quantile of their sizes, found anew each round, count only by their sign. Rounds
 * are judged by absolute errors, since the quantile differs between rounds.
 */
export const huberLoss: BoostingLoss = {
  start: (z, weights) => weightedQuantile(z, weights, 0.5),
  toPseudoResiduals(errors, weights) {
    const limit = weightedQuantile(errors.map(Math.abs), weights, ordinaryShare);
    for (let i = 0; i < errors.length; i++) errors[i] = Math.min(Math.max(errors[i]!, -limit), limit);
  },
  score: Math.abs,
  leafValue: null,
};

/** Pinball loss (R. Koenker and G. Bassett, Econometrica 46, 1978, 33), whose minimum is the quantile at `level`. */
export function quantileLoss(level: number): BoostingLoss {
  return {
    start: (z, weights) => weightedQuantile(z, weights, level),
    toPseudoResiduals(errors) {
      for (let i = 0; i < errors.length; i++) errors[i] = errors[i]! > 0 ? level : level - 1;
    },
    score: (error) => (error > 0 ? level * error : (level - 1) * error),
    leafValue: (errors, weights) => weightedQuantile(errors, weights, level),
  };
}

/** The least value whose weight and that of all below it reach `level` of the whole; rows without weight do not count. */
function weightedQuantile(values: Float64Array, weights: Float64Array, level: number): number {
  const order = Int32Array.from(values.keys()).filter((i) => weights[i]! > 0);
  order.sort((a, b) => values[a]! - values[b]!);
  let left = level * order.reduce((sum, i) => sum + weights[i]!, 0);
  for (const i of order) {
    left -= weights[i]!;
    // Rounding must not carry a level that falls between two rows to the upper one.
    if (left <= 1e-9 * weights[i]!) return values[i]!;
  }
  return values[order.at(-1)!]!;
}
