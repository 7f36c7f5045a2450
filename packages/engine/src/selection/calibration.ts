import { errorShape } from './errorShape.ts';

/**
 * What held-out rows say of a model's own spread: a factor on its standard deviation, and how far from the middle the
 * measurements really lie in units of that.
 */
export type Calibration = {
  /** Factor by which the posterior is widened. */
  readonly scale: number;
  /** Rows that were held out. */
  readonly rowCount: number;
  /**
   * Sizes of their z-scores after the factor, ascending, at most 499: with k of them an interval of half-width
   * `sizes[i]` holds a share of (i + 1) / (k + 1) of new rows.
   */
  readonly sizes: Float64Array;
};

/** A z-score of a row that was held out, and how much it counts: rows held out several times share one row's worth. */
export interface HeldOutScore {
  readonly z: number;
  readonly weight: number;
}

/** Sizes kept of larger tables: enough for an interval of 99.8 %. */
export const maxSizes = 499;

/**
 * @param scale that the z-scores were divided by
 * @param scores at least one
 */
export function fitCalibration(scale: number, scores: readonly HeldOutScore[]): Calibration {
  const sorted = [...scores].sort((a, b) => Math.abs(a.z) - Math.abs(b.z));
  const rows = scores.reduce((sum, { weight }) => sum + weight, 0);
  const rowCount = Math.max(1, Math.round(rows));
  const count = Math.min(maxSizes, rowCount);
  const sizes = new Float64Array(count);
  let position = 0;
  let below = 0;
  for (let k = 0; k < count; k++) {
    // With a size a row this is the (k + 1)-th; with fewer, the one that as large a share of new rows stays below.
    const wanted = Math.min(rows, ((k + 1) * (rows + 1)) / (count + 1));
    while (position < sorted.length - 1 && below + sorted[position]!.weight < wanted - 1e-9)
      below += sorted[position++]!.weight;
    sizes[k] = Math.abs(sorted[position]!.z);
  }
  return { scale, rowCount, sizes };
}

/**
 * Half-width, in calibrated standard deviations, of the central interval that holds a new measurement with probability
 * `level` in (0, 1): normalised split conformal prediction (J. Lei et al., JASA 113, 2018, 1094, section 5.2), the
 * ceil((n + 1) level)-th smallest size. Null where the rows are too few to say.
 */
export function conformalHalfWidth({ sizes }: Calibration, level: number): number | null {
  // Against rounding of levels such as 0.9 times 10.
  const rank = Math.ceil((sizes.length + 1) * level - 1e-9);
  return rank > sizes.length ? null : sizes[Math.max(0, rank - 1)]!;
}

/**
 * Rows' worth of belief in the shape that errors usually have. The 90 % quantile of n errors of unit variance scatters by
 * 1.46 / sqrt(n), and that of the shapes errors have (normal, even, Laplace's, Student's with four degrees of freedom)
 * by about 0.13: the squares are equal at some hundred rows (decision 0014).
 */
const shapeRows = 100;

/**
 * Half-width of the interval that is given: between the conformal one and that of the usual shape of errors, which
 * counts as much as a hundred rows do. Where the rows are too few for the level, that of the usual shape, or the largest
 * size if that is wider.
 */
export function halfWidth(calibration: Calibration, level: number): number {
  const usual = errorShape.halfWidth(level);
  const conformal = conformalHalfWidth(calibration, level);
  if (conformal === null) return Math.max(usual, calibration.sizes.at(-1)!);
  const share = shareOfShape(calibration);
  return (1 - share) * conformal + share * usual;
}

/** Weight of the usual shape in half-widths. */
function shareOfShape({ rowCount }: Calibration): number {
  return shapeRows / (rowCount + shapeRows);
}

/** Levels above this have an interval that holds a row of this calibrated z-score; `halfWidth` the other way round. */
export function levelOf(calibration: Calibration, z: number): number {
  const { sizes } = calibration;
  const size = Math.abs(z);
  const share = shareOfShape(calibration);
  const count = sizes.length;
  // The k-th size serves levels up to (k + 1) / (count + 1): the first whose widest interval holds the row.
  const widest = (k: number): number =>
    (1 - share) * sizes[k]! + share * errorShape.halfWidth((k + 1) / (count + 1));
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (widest(middle) < size) low = middle + 1;
    else high = middle;
  }
  const level = low / (count + 1);
  if (low === count) return size <= sizes[count - 1]! ? level : Math.max(level, errorShape.level(size));
  return Math.max(level, errorShape.level((size - (1 - share) * sizes[low]!) / share));
}
