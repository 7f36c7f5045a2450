/** Half-widths are this times atanh of the level: the logistic distribution of unit variance. */
const unit = (2 * Math.sqrt(3)) / Math.PI;

/**
 * The shape that errors of unit variance are taken to have until there are rows to say otherwise: the logistic
 * distribution, P(|z| < w) = tanh(pi w / (2 sqrt(3))) (N. Balakrishnan, Handbook of the Logistic Distribution, 1992,
 * section 1.2), more peaked than the normal distribution and heavier in its tails. Of z-scores of a model on new rows
 * this is nearer the truth (decision 0035): a spread that is itself only estimated, and regions harder than others.
 */
export const errorShape = {
  /** Half-width of the central interval of probability `level` in (0, 1). */
  halfWidth: (level: number): number => unit * Math.atanh(level),
  /** Probability of the central interval of half-width `width`; 0 below none. */
  level: (width: number): number => (width <= 0 ? 0 : Math.tanh(width / unit)),
};
