import type { Arena, Matrix } from '../src/arena.ts';

/** Uniform numbers in (-1, 1), the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2_147_483_648 - 1;
  };
}

/** A matrix of uniform numbers in (-1, 1), its padding filled too [ld * columns]. */
export function randomMatrix(next: () => number, ld: number, columns: number): Float64Array {
  return Float64Array.from({ length: ld * columns }, next);
}

/** A copy of `values` [ld * columns] in the arena. */
export function storeMatrix(arena: Arena, values: Float64Array, ld: number): Matrix {
  return { pointer: arena.storeFloat64(values), ld };
}

/** What lies in the arena at a matrix of `columns` columns. */
export function readMatrix(arena: Arena, { pointer, ld }: Matrix, columns: number): Float64Array {
  return arena.float64(pointer, ld * columns).slice();
}

/**
 * A covariance matrix K = M52(X) + noise I of n random points in d dimensions, both triangles [n, n]; each row of X is
 * repeated `repeats` times.
 */
export function randomCovariance(
  next: () => number,
  n: number,
  d: number,
  noise: number,
  ld: number,
  repeats = 1,
): Float64Array {
  const x = Array.from({ length: Math.ceil(n / repeats) }, () => Array.from({ length: d }, () => 2 * next()));
  const k = new Float64Array(ld * n);
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++) {
      const a = x[Math.floor(i / repeats)];
      const b = x[Math.floor(j / repeats)];
      let squared = 0;
      for (let p = 0; p < d; p++) squared += (a[p] - b[p]) ** 2;
      const s = Math.sqrt(5 * squared);
      k[i + j * ld] = (1 + s + (s * s) / 3) * Math.exp(-s) + (i === j ? noise : 0);
    }
  }
  return k;
}
