import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contourLines } from './contourLines.ts';
import { inkOn } from './inkOn.ts';
import { niceLevels } from './niceLevels.ts';
import { colorAt } from './colorAt.ts';
import { countLines, heightBins, inkLines } from './inkLines.ts';
import { keptRows, parallelAxes } from './parallelAxes.ts';
import { placeShares, sharesAt, ternaryGrid, ternaryTriangles } from './ternaryGrid.ts';
import { withUnit } from './withUnit.ts';

describe('contour lines', () => {
  const plane = (slopeX: number, slopeY: number) =>
    Array.from({ length: 9 }, (_, i) => Array.from({ length: 9 }, (_, j) => slopeX * j + slopeY * i));

  it('lie where a plane has the value', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        fc.double({ min: 0.5, max: 7.5, noNaN: true }),
        (a, b, place) => {
          const level = a * 4 + b * place;
          const segments = contourLines(plane(a, b), level);
          expect(segments.length).toBeGreaterThan(0);
          for (const [x1, y1, x2, y2] of segments) {
            expect(a * x1 + b * y1).toBeCloseTo(level, 8);
            expect(a * x2 + b * y2).toBeCloseTo(level, 8);
          }
        },
      ),
    );
  });

  it('are left out beside missing values, and there are two in a saddle', () => {
    expect(
      contourLines(
        [
          [0, 1],
          [null, 1],
        ],
        0.5,
      ),
    ).toEqual([]);
    expect(
      contourLines(
        [
          [0, 1],
          [1, 0],
        ],
        0.5,
      ),
    ).toHaveLength(2);
  });
});

it('levels are round, inside, and about as many as asked for', () => {
  expect(niceLevels(0.3, 9.7)).toEqual([2, 4, 6, 8]);
  fc.assert(
    fc.property(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
      (low, span) => {
        const levels = niceLevels(low, low + span);
        expect(levels.length).toBeGreaterThanOrEqual(2);
        expect(levels.length).toBeLessThanOrEqual(7);
      },
    ),
  );
  expect(niceLevels(3, 3)).toEqual([]);
});

it('colours run from end to end', () => {
  expect(colorAt(['#000000', '#ffffff'], 0)).toBe('rgb(0,0,0)');
  expect(colorAt(['#000000', '#ffffff'], 2)).toBe('rgb(255,255,255)');
  expect(colorAt(['#000000', '#0000ff', '#ffffff'], 0.5)).toBe('rgb(0,0,255)');
});

it('names carry their unit when they have one', () => {
  expect([withUnit('strength', 'MPa'), withUnit('ratio', null), withUnit('ratio', '')]).toEqual([
    'strength (MPa)',
    'ratio',
    'ratio',
  ]);
});

describe('the triangle', () => {
  it('has the shares that a place has, and the other way round', () => {
    for (const shares of ternaryGrid(7)) {
      expect(shares[0] + shares[1] + shares[2]).toBeCloseTo(1, 12);
      const back = sharesAt(...placeShares(shares));
      back.forEach((share, i) => expect(share).toBeCloseTo(shares[i]!, 12));
    }
  });

  it('is covered by its small triangles, each of the same area', () => {
    const n = 6;
    const places = ternaryGrid(n).map(placeShares);
    const triangles = ternaryTriangles(n);
    expect(places).toHaveLength(((n + 1) * (n + 2)) / 2);
    expect(triangles).toHaveLength(n * n);
    for (const [p, q, r] of triangles) {
      const [[x1, y1], [x2, y2], [x3, y3]] = [places[p]!, places[q]!, places[r]!];
      const area = Math.abs((x2 - x1) * (y3 - y1) - (x3 - x1) * (y2 - y1)) / 2;
      expect(area).toBeCloseTo(Math.sqrt(3) / 4 / n ** 2, 12);
    }
  });
});

it('ink is dark on light and light on dark', () => {
  expect(inkOn('rgb(255,255,255)')).toBe('#000000');
  expect(inkOn('rgb(12,103,107)')).toBe('#ffffff');
  expect(inkOn('rgb(218,142,90)')).toBe('#000000');
});

describe('parallel coordinates', () => {
  const rows = [
    [1, 'a', null],
    [2, 'b', 5],
    [3, 'a', 7],
  ];
  const axes = parallelAxes(['x', 'kind', 'y'], rows);

  it('place numbers between their ends and levels evenly', () => {
    expect([...axes[0]!.places]).toEqual([0, 0.5, 1]);
    expect([...axes[1]!.places]).toEqual([0.25, 0.75, 0.25]);
    expect(axes[1]!.levels).toEqual(['a', 'b']);
    expect([...axes[2]!.places]).toEqual([Number.NaN, 0, 1]);
  });

  it('keep rows that pass every brush and have a value there', () => {
    expect([...keptRows(axes, new Map([[1, [0, 0.5]]]))]).toEqual([1, 0, 1]);
    expect([...keptRows(axes, new Map([[2, [0, 1]]]))]).toEqual([0, 1, 1]);
  });

  it('count every kept line once and leave its ink once in each column', () => {
    const height = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(height, height, fc.boolean()), { maxLength: 60 }), (lines) => {
        const counts = new Uint32Array(heightBins * heightBins);
        const kept = Uint8Array.from(lines, ([, , isKept]) => Number(isKept));
        const left = Float32Array.from(lines, ([a]) => a);
        countLines(
          left,
          Float32Array.from(lines, ([, b]) => b),
          kept,
          counts,
        );
        const total = kept.reduce((sum, one) => sum + one, 0);
        expect(counts.reduce((sum, one) => sum + one, 0)).toBe(total);
        const [width, tall] = [40, 100];
        const ink = new Float32Array(width * tall);
        inkLines(counts, ink, width, tall);
        for (const x of [0, 17, width - 1]) {
          let column = 0;
          for (let y = 0; y < tall; y++) column += ink[y * width + x]!;
          expect(column).toBeCloseTo(total, 3);
        }
      }),
      { numRuns: 40 },
    );
  });
});
