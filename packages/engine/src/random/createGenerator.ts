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
 * shortest possible cycle 2^64. The 64-bit words are held as pairs of 32-bit lanes, high and low.
 */
class SmallFastCounting implements Generator {
  /** Hash of the seed; children derive from it and not from the position in the stream. */
  readonly #key: string;
  #aHigh: number;
  #aLow: number;
  #bHigh: number;
  #bLow: number;
  #cHigh = 0x9e3779b9;
  #cLow = 0x7f4a7c15;
  #counterHigh = 0;
  #counterLow = 1;
  /** Last output. */
  #high = 0;
  #low = 0;

  constructor(seed: string) {
    const lanes = murmurHash3(seed);
    this.#key = Array.from(lanes, (lane) => lane.toString(16).padStart(8, '0')).join('');
    [this.#aHigh, this.#aLow, this.#bHigh, this.#bLow] = lanes as unknown as [number, number, number, number];
    // The number of rounds after which PractRand holds the three words well mixed.
    for (let round = 0; round < 12; round++) this.#step();
  }

  uniform(): number {
    this.#step();
    return (this.#high * 2097152 + (this.#low >>> 11)) * 2 ** -53;
  }

  integer(bound: number): number {
    if (!(Number.isInteger(bound) && bound >= 1 && bound <= 4294967296))
      throw new RangeError(`bound of a random integer must be in 1 .. 2^32, got ${bound}`);
    // Words at or above the largest multiple of `bound` are drawn again, else small results would come up more often.
    const limit = 4294967296 - (4294967296 % bound);
    do this.#step();
    while (this.#high >= limit);
    return this.#high % bound;
  }

  /** By inversion, from the middle of one of 2^52 equal cells of (0, 1); reaches 8.2 standard deviations. */
  normal(): number {
    this.#step();
    return normalQuantile((this.#high * 1048576 + (this.#low >>> 12) + 0.5) * 2 ** -52);
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

  split(label: string): Generator {
    return new SmallFastCounting(`${this.#key}/${label}`);
  }

  /** out = a + b + counter++; a = b ^ (b >> 11); b = c + (c << 3); c = rotl(c, 24) + out. */
  #step(): void {
    const aLow = this.#aLow + this.#bLow + this.#counterLow;
    const low = aLow >>> 0;
    const high = (this.#aHigh + this.#bHigh + this.#counterHigh + Math.floor(aLow / 4294967296)) >>> 0;
    this.#counterLow = (this.#counterLow + 1) >>> 0;
    if (this.#counterLow === 0) this.#counterHigh = (this.#counterHigh + 1) >>> 0;

    this.#aLow = (this.#bLow ^ ((this.#bLow >>> 11) | (this.#bHigh << 21))) >>> 0;
    this.#aHigh = (this.#bHigh ^ (this.#bHigh >>> 11)) >>> 0;

    const cLow = this.#cLow;
    const cHigh = this.#cHigh;
    const bLow = cLow + ((cLow << 3) >>> 0);
    this.#bLow = bLow >>> 0;
    this.#bHigh = (cHigh + ((cHigh << 3) | (cLow >>> 29)) + (bLow > 4294967295 ? 1 : 0)) >>> 0;

    const rotatedLow = ((cLow << 24) | (cHigh >>> 8)) >>> 0;
    const nextLow = rotatedLow + low;
    this.#cLow = nextLow >>> 0;
    this.#cHigh = (((cHigh << 24) | (cLow >>> 8)) + high + (nextLow > 4294967295 ? 1 : 0)) >>> 0;
    this.#high = high;
    this.#low = low;
  }
}
