/**
 * A stream of random numbers. Every consumer gets its own stream by `split`, so results do not depend on the order
 * in which work is done.
 */
export interface Generator {
  /** Uniform in [0, 1) with 53 random bits. */
  uniform(): number;
  /** Uniform integer in [0, bound); 1 <= bound <= 2^32. Unbiased. */
  integer(bound: number): number;
  /** Standard normal. */
  normal(): number;
  /** Shuffles in place (Fisher-Yates) and returns the same array. */
  shuffle<T extends unknown[] | Int32Array | Float64Array>(items: T): T;
  /**
   * Lets a routine draw from the stream. `work` gets where it stands, words a, b, c and counter of sfc64, the low half of
   * each first [8], and leaves there where it stopped.
   */
  lend<T>(work: (state: Int32Array) => T): T;
  /** An independent stream named by `label`; the same parent seed and label give the same stream. */
  split(label: string): Generator;
}
