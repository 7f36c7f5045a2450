import type { CompiledSpace } from './compiledSpace.ts';

/**
 * Different points of a space in one array, told apart by a 53-bit hash: two different points share one with a chance
 * below 10^-6 in 100 000, and then the second is left out.
 */
export class PointSet {
  readonly #width: number;
  readonly #seen = new Set<number>();
  readonly #excluded: CompiledSpace['excluded'];
  #cells: Int32Array;
  #count = 0;

  /** @param capacity points to make room for at first */
  constructor(space: CompiledSpace, capacity: number) {
    this.#width = space.variables.length;
    this.#cells = new Int32Array(Math.max(1, capacity) * this.#width);
    // Whole points are looked up; those with free cells are compared one by one.
    this.#excluded = space.excluded.filter(({ cells }) => cells.length < this.#width);
    for (const { cells } of space.excluded) {
      if (cells.length < this.#width) continue;
      const point = new Int32Array(this.#width);
      for (const [j, n] of cells) point[j] = n;
      this.#seen.add(hashOf(point));
    }
  }

  get count(): number {
    return this.#count;
  }

  /** All points, one after the other [count, d]. */
  get points(): Int32Array {
    return this.#cells.subarray(0, this.#count * this.#width);
  }

  at(i: number): Int32Array {
    return this.#cells.subarray(i * this.#width, (i + 1) * this.#width);
  }

  /** @returns false for a point that is there already, or that is excluded */
  add(point: Int32Array): boolean {
    const hash = hashOf(point);
    if (this.#seen.has(hash)) return false;
    if (this.#excluded.some(({ cells }) => cells.every(([j, n]) => point[j] === n))) return false;
    this.#seen.add(hash);
    const at = this.#count * this.#width;
    if (at + this.#width > this.#cells.length) {
      const grown = new Int32Array(this.#cells.length * 2);
      grown.set(this.#cells);
      this.#cells = grown;
    }
    this.#cells.set(point, at);
    this.#count++;
    return true;
  }
}

/** Two rounds of multiply and rotate with different constants (after MurmurHash3, A. Appleby), joined to 53 bits. */
function hashOf(point: Int32Array): number {
  let a = 0x9747b28c;
  let b = 0x1b873593;
  for (let j = 0; j < point.length; j++) {
    const n = point[j]!;
    a = Math.imul(a ^ Math.imul(n, 0xcc9e2d51), 0x1b873593);
    a = (a << 13) | (a >>> 19);
    b = Math.imul(b + n + j, 0x85ebca6b);
    b ^= b >>> 15;
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b);
  b = Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  return ((a ^ (a >>> 13)) >>> 0) + ((b >>> 11) & 0x1fffff) * 4294967296;
}
