/** How a numeric input becomes a column: (u - lower) / width with u = x / magnitude, its square root, or u = log x. */
export type NumericEncoding = {
  readonly kind: 'numeric';
  readonly key: string;
  readonly isLog: boolean;
  /** Whether the square root is taken; never of a logarithm. */
  readonly isRoot: boolean;
  /** A power of two; 1 for logarithms. */
  readonly magnitude: number;
  readonly lower: number;
  /** > 0 */
  readonly width: number;
  /** False when all values present are equal: there is no value column then. */
  readonly hasValue: boolean;
  /** What a missing cell becomes: the median of the fitted column; null to leave it NaN. */
  readonly fill: number | null;
  /** Whether a column tells missing cells (1) from present ones (0). */
  readonly hasIndicator: boolean;
};

/**
 * How a categorical input becomes columns. Any two levels end at distance 1, as the ends of a numeric range do: two
 * levels share one column of 0 and 1, more have one column each with sqrt(1/2). Levels whose texts speak of an order
 * share one column too, evenly from 0 to 1. A last column is 0 for all of them and puts a level that was never seen
 * at distance 1 from the ends.
 */
export type CategoricalEncoding = {
  readonly kind: 'categorical';
  readonly key: string;
  /**
   * Levels seen, in their order where they have one, else sorted; null is the level of missing cells where these are
   * frequent enough. At least one.
   */
  readonly levels: readonly (string | null)[];
  /** Whether they are steps of a scale. */
  readonly isOrdered: boolean;
  /** Level of missing cells: an index into `levels`; null to leave them NaN. */
  readonly fill: number | null;
};

/**
 * How molecules become columns, one a descriptor: 1/2 + width limit tanh(z / limit) with z = (u - centre) / spread and
 * u = log(1 + x) for descriptors that are never negative (counts and sizes), else x. Together they are as wide as one
 * number that is spread evenly over its range.
 */
export type MolecularEncoding = {
  readonly kind: 'molecular';
  readonly key: string;
  /** All names that come with molecules [p]; others cannot be encoded. */
  readonly descriptorNames: readonly string[];
  /** Which of them differ between the molecules seen [k]. */
  readonly used: Int32Array;
  /** 1 for u = log(1 + x) [k]. */
  readonly isLog: Int32Array;
  /** Mean and standard deviation of u over the rows [k]. */
  readonly centres: Float64Array;
  /** > 0 */
  readonly spreads: Float64Array;
  /** Whether a missing cell counts as the mean of all; else it stays NaN. */
  readonly isImputed: boolean;
  /** Whether a column tells missing cells (1) from present ones (0). */
  readonly hasIndicator: boolean;
};

/**
 * The total of the amounts of a row as a column of its own, encoded like a number. Where amounts almost add up to one
 * number, e.g. in kg per m3, what is left over (density, air, loss) is a direction in which rows hardly differ, and
 * which no kernel over single amounts can tell from the others.
 */
export type TotalEncoding = Omit<NumericEncoding, 'kind'> & {
  readonly kind: 'total';
  /** Keys of the amounts, sorted. */
  readonly amounts: readonly string[];
};

export type InputEncoding = NumericEncoding | CategoricalEncoding | MolecularEncoding | TotalEncoding;
