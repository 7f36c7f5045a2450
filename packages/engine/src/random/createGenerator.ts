import { normalQuantile } from '../special/normalQuantile.ts';
import type { Generator } from './generator.ts';
import { murmurHash3 } from './murmurHash3.ts';

/**
 * The stream of random numbers named by `seed`. Equal seeds give equal streams; the number 1 and the text '1' are
 * different seeds.
 */
export function createGenerator(seed: number | string): Generator {
  return new SmallFastCounting(`${typeof seed}:${seed}`);
}

/**
 * sfc64 (Chris Doty-Humphrey, PractRand 0.93, 2010): 256 bits of state, no known failure in PractRand or BigCrush,
 * shortest possible cycle 2^64. A 64-bit word is a pair of signed 32-bit lanes, high and low.
 */
class SmallFastCounting implements Generator {
  /** Hash of the seed; children derive from it and not from the position in the stream. */
  readonly #key: string;
  /** a, b, c, counter, last output. */
  readonly #lanes: Int32Array;

  constructor(seed: string) {
    const [aHigh, aLow, bHigh, bLow] = murmurHash3(seed) as unknown as [number, number, number, number];
    this.#key = [aHigh, aLow, bHigh, bLow].map((lane) => lane.toString(16).padStart(8, '0')).join('');
    // The third word is the golden ratio, as good as any.
    this.#lanes = Int32Array.of(aHigh, aLow, bHigh, bLow, 0x9e3779b9, 0x7f4a7c15, 0, 1, 0, 0);
    // The number of rounds after which PractRand holds the words well mixed.
    for (let round = 0; round < 12; round++) step(this.#lanes);
  }

  uniform(): number {
    const lanes = this.#lanes;
    step(lanes);
    return (lanes[8]! >>> 0) * 2 ** -32 + (lanes[9]! >>> 11) * 2 ** -53;
  }

  integer(bound: number): number {
    if (!(Number.isInteger(bound) && bound >= 1 && bound <= 4294967296))
      throw new RangeError(`bound of a random integer must be in 1 .. 2^32, got ${bound}`);
    const lanes = this.#lanes;
    // Words at or above the largest multiple of `bound` are drawn again, else small results would come up more often.
    const limit = 4294967296 - (4294967296 % bound);
    do step(lanes);
    while (lanes[8]! >>> 0 >= limit);
    return (lanes[8]! >>> 0) % bound;
  }

  /** By inversion, from the middle of one of 2^52 equal cells of (0, 1); reaches 8.2 standard deviations. */
  normal(): number {
    const lanes = this.#lanes;
    step(lanes);
    return normalQuantile(((lanes[8]! >>> 0) * 1048576 + (lanes[9]! >>> 12) + 0.5) * 2 ** -52);
  }

  shuffle<T extends unknown[] | Int32Array | Float64Array>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const kept = items[i];
      items[i] = items[j];
      items[j] = kept;
    }
    return items;
  }

  lend<T>(work: (state: Int32Array) => T): T {
    const lanes = this.#lanes;
    const state = new Int32Array(8);
    for (let half = 0; half < 8; half++) state[half] = lanes[half ^ 1]!;
    const result = work(state);
    for (let half = 0; half < 8; half++) lanes[half ^ 1] = state[half]!;
    return result;
  }

  split(label: string): Generator {
    return new SmallFastCounting(`${this.#key}/${label}`);
  }
}

/** out = a + b + counter++; a = b ^ (b >> 11); b = c + (c << 3); c = rotl(c, 24) + out. */
function step(lanes: Int32Array): void {
  const aLow = lanes[1]!;
  const bHigh = lanes[2]!;
  const bLow = lanes[3]!;
  const cHigh = lanes[4]!;
  const cLow = lanes[5]!;
  const counterLow = lanes[7]!;

  const sumLow = (aLow + bLow) | 0;
  const low = (sumLow + counterLow) | 0;
  const carries = carry(sumLow, aLow) + carry(low, sumLow);
  const high = (lanes[0]! + bHigh + lanes[6]! + carries) | 0;
  lanes[7] = (counterLow + 1) | 0;
  if (lanes[7] === 0) lanes[6] = (lanes[6]! + 1) | 0;

  lanes[0] = bHigh ^ (bHigh >>> 11);
  lanes[1] = bLow ^ ((bLow >>> 11) | (bHigh << 21));

  const nextLow = (cLow + (cLow << 3)) | 0;
  lanes[2] = (cHigh + ((cHigh << 3) | (cLow >>> 29)) + carry(nextLow, cLow)) | 0;
  lanes[3] = nextLow;

  const mixedLow = (((cLow << 24) | (cHigh >>> 8)) + low) | 0;
  lanes[4] = (((cHigh << 24) | (cLow >>> 8)) + high + carry(mixedLow, low)) | 0;
  lanes[5] = mixedLow;
  lanes[8] = high;
  lanes[9] = low;
}

/** 1 when a 32-bit sum is, without sign, less than a summand: it has wrapped. */
function carry(sum: number, summand: number): number {
  return sum >>> 0 < summand >>> 0 ? 1 : 0;
}
