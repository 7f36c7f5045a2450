import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tanimoto } from '../reference/tanimoto.ts';
import { createRoutines, supportedBuilds } from './createRoutines.ts';

describe.each(supportedBuilds())('Tanimoto similarities of the %s build', (build) => {
  const routines = createRoutines({ build });
  const { arena } = routines;

  function similaritiesOf(
    m: number,
    n: number,
    d: number,
    a: number[],
    lda: number,
    b: number[],
    ldb: number,
  ) {
    const mark = arena.mark();
    const similarities = { pointer: arena.allocateFloat64(m * n), ld: m };
    const left = { pointer: arena.storeUint16(a), ld: lda };
    const right = { pointer: arena.storeUint16(b), ld: ldb };
    routines.tanimoto({ m, n, d, a: left, b: right, similarities });
    const values = arena.float64(similarities.pointer, m * n).slice();
    arena.release(mark);
    return values;
  }

  it('equal the twin exactly for any counts and sizes', () => {
    const size = fc.integer({ min: 1, max: 7 });
    const count = fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 0, max: 65_535 }),
    );
    fc.assert(
      fc.property(
        size,
        size,
        fc.integer({ min: 0, max: 35 }),
        fc.integer({ min: 1, max: 3 }),
        fc.array(count, { minLength: 266, maxLength: 266 }),
        fc.array(count, { minLength: 266, maxLength: 266 }),
        (m, n, d, padding, a, b) => {
          const ld = d + padding;
          const expected = new Float64Array(m * n);
          tanimoto(m, n, d, Uint16Array.from(a), ld, Uint16Array.from(b), ld, expected, m);
          expect(similaritiesOf(m, n, d, a, ld, b, ld)).toEqual(expected);
        },
      ),
      { numRuns: 100, seed: 1 },
    );
  });

  it('are 1 for equal rows, empty ones included, 0 for rows that share nothing, and sums do not overflow', () => {
    const d = 65_536;
    const full = Array.from({ length: d }, () => 65_535);
    const empty = Array.from({ length: d }, () => 0);
    expect([...similaritiesOf(2, 2, d, full.concat(empty), d, full.concat(empty), d)]).toEqual([1, 0, 0, 1]);
  });
});
