import { describe, expect, it } from 'vitest';
import { randomCovariance, randomMatrix, randomNumbers, storeMatrix } from '../test/randomMatrix.ts';
import { createRoutines, supportedBuilds } from './createRoutines.ts';
import type { RoutineBuild } from './routineBuild.ts';
import type { Routines } from './routines.ts';

/** Everything a likelihood needs, as bytes. */
function likelihoodBytes({ arena, blas, ...routines }: Routines, n: number, d: number): Uint8Array {
  const mark = arena.mark();
  const x = storeMatrix(arena, randomMatrix(randomNumbers(n), n, d), n);
  const k = { pointer: arena.allocate(8 * n * n), ld: n };
  const g = { pointer: arena.allocate(8 * n * n), ld: n };
  const lengthscales = arena.allocateFloat64(d);
  const diagonal = arena.allocateFloat64(n);
  arena.float64(k.pointer, n * n).fill(0);
  arena.float64(g.pointer, n * n).fill(0);
  routines.covariance({ kernel: 'matern52', n, d, x, outputScale: 1, k, g });
  const values = arena.float64(k.pointer, n * n);
  for (let i = 0; i < n; i++) values[i * (n + 1)] += 0.01;
  expect(blas.potrf(n, k.pointer, n)).toBe(0);
  expect(blas.potri(n, k.pointer, n)).toBe(0);
  routines.covarianceGradient({ n, d, x, inverse: k, g, lengthscales, diagonal });
  const bytes = arena.uint8(k.pointer, diagonal + 8 * n - k.pointer).slice();
  arena.release(mark);
  return bytes;
}

/** FNV-1a, 32 bits. */
function digest(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

describe('creating routines', () => {
  it('takes the fastest build when none is named', () => {
    expect(createRoutines().build).toBe(supportedBuilds()[0]);
    for (const build of supportedBuilds()) expect(createRoutines({ build }).build).toBe(build);
  });

  it('refuses a build this machine cannot run', () => {
    expect(() => createRoutines({ build: 'avx-512' as RoutineBuild })).toThrow(
      /cannot run the avx-512 build/,
    );
  });

  it('gives each instance a memory of its own', () => {
    const one = createRoutines().arena;
    const other = createRoutines().arena;
    const pointer = one.storeFloat64([1]);
    expect(other.storeFloat64([2])).toBe(pointer);
    expect(one.float64(pointer, 1)[0]).toBe(1);
  });

  it('lets the dense routines be replaced, also inside other routines', () => {
    const calls: string[] = [];
    const { arena, ...routines } = createRoutines({
      replaceBlas: (blas) => ({
        ...blas,
        trsm(...args) {
          calls.push('trsm');
          blas.trsm(...args);
        },
      }),
    });
    const one = storeMatrix(arena, Float64Array.of(1), 1);
    const [alpha, mean, variance] = [1, 0, 1].map((value) => arena.storeFloat64([value]));
    routines.crossPosterior({ n: 1, m: 1, cross: one, alpha, factor: one, mean, variance });
    expect(calls).toEqual(['trsm']);
    expect(arena.float64(variance, 1)[0]).toBe(0);
  });
});

describe.each(supportedBuilds())('the %s build', (build) => {
  it('returns the same bytes for the same input, call after call and after growth of the memory', () => {
    const routines = createRoutines({ build });
    const first = likelihoodBytes(routines, 70, 3);
    expect(likelihoodBytes(routines, 70, 3)).toEqual(first);
    const mark = routines.arena.mark();
    routines.arena.allocate(20_000_000);
    expect(likelihoodBytes(routines, 70, 3)).toEqual(first);
    // Beyond 2 GiB an address is a negative 32-bit integer. Memory that is not touched costs nothing.
    routines.arena.allocate(2_200_000_000);
    expect(likelihoodBytes(routines, 70, 3)).toEqual(first);
    routines.arena.release(mark);
    expect(likelihoodBytes(createRoutines({ build }), 70, 3)).toEqual(first);
  });

  it('refuses wrong arguments by name and leaves the memory as it was', () => {
    const { arena, blas, ...routines } = createRoutines({ build });
    const n = 8;
    const a = storeMatrix(arena, randomCovariance(randomNumbers(1), n, 2, 0.1, n), n);
    const before = arena.float64(a.pointer, n * n).slice();
    const vector = arena.allocateFloat64(n);
    const refusals: [() => void, RegExp][] = [
      [() => blas.potrf(-1, a.pointer, n), /potrf: n is -1/],
      [() => blas.potrf(1.5, a.pointer, n), /potrf: n is 1.5/],
      [() => blas.potrf(n, a.pointer, n - 1), /potrf: the leading dimension of a is 7, less than its 8 rows/],
      [() => blas.potrf(n, a.pointer + 4, n), /potrf: a is at \d+, which is no multiple of 8/],
      [() => blas.potrf(n, 0, n), /potrf: a takes bytes 0 to 512/],
      [() => blas.potrf(1000, a.pointer, 1000), /potrf: a takes bytes/],
      [
        () => blas.gemm('N', 'N', n, n, NaN, 1, a.pointer, n, a.pointer, n, 0, a.pointer, n),
        /gemm: k is NaN/,
      ],
      [() => blas.trsm('R', 'N', n, 9, a.pointer, n, a.pointer, n), /trsm: the leading dimension of l/],
      [() => routines.exp(n, a.pointer, 2 ** 40), /exp: y takes bytes/],
      [
        () => routines.covariance({ kernel: 'rbf', n, d: 99, x: a, outputScale: 1, k: a }),
        /covariance: x takes bytes/,
      ],
      [
        () => routines.crossPosterior({ n, m: n, cross: a, alpha: vector, mean: vector, variance: vector }),
        /crossPosterior: factor is required here/,
      ],
      [
        () =>
          routines.crossPosterior({
            n,
            m: n,
            cross: a,
            alpha: vector,
            inverse: vector,
            mean: vector,
            variance: vector,
          }),
        /crossPosterior: inverse takes bytes/,
      ],
    ];
    for (const [refused, message] of refusals) {
      expect(refused).toThrow(RangeError);
      expect(refused).toThrow(message);
    }
    expect(arena.float64(a.pointer, n * n)).toEqual(before);
  });
});

it('the simd build returns these very bytes on every machine', () => {
  expect(digest(likelihoodBytes(createRoutines({ build: 'simd' }), 133, 5))).toBe(2_263_510_594);
});
