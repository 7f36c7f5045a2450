import { describe, expect, it } from 'vitest';
import { findHistogramSplit } from '../reference/findHistogramSplit.ts';
import { randomNumbers } from '../test/randomMatrix.ts';
import { createRoutines, supportedBuilds } from './createRoutines.ts';

/** Histograms of the same random rows in some inputs, the last bin of each that of missing cells. */
function randomHistograms(
  seed: number,
  n: number,
): { histograms: Float64Array[]; sum: number; weight: number } {
  const next = randomNumbers(seed);
  const moments = Array.from({ length: n }, () => [next(), seed % 2 === 0 ? 1 : 1 + next()] as const);
  const histograms = [1, 2, 5, 30, 255].map((bins, j) => {
    const histogram = new Float64Array(2 * (bins + 1));
    for (const [sum, weight] of moments) {
      const isMissing = (j + seed) % 2 === 0 && next() < -0.7;
      const bin = isMissing ? bins : Math.floor(((next() + 1) / 2) * bins);
      histogram[2 * bin] += sum + (isMissing ? 1 : 0);
      histogram[2 * bin + 1] += weight;
    }
    return histogram;
  });
  const total = (k: 0 | 1): number => moments.reduce((running, moment) => running + moment[k], 0);
  return { histograms, sum: total(0), weight: total(1) };
}

describe.each(supportedBuilds())('splits by histograms of the %s build', (build) => {
  const { arena, ...routines } = createRoutines({ build });

  function find(
    { histograms, sum, weight }: ReturnType<typeof randomHistograms>,
    penalty: number,
    minLeafWeight: number,
    monotone: Int8Array | null,
  ): ReturnType<typeof routines.findHistogramSplit> {
    const mark = arena.mark();
    const starts = [0];
    for (const { length } of histograms) starts.push(starts.at(-1)! + 8 * length);
    const split = routines.findHistogramSplit({
      d: histograms.length,
      starts: arena.storeInt32(starts),
      histogram: arena.storeFloat64(histograms.flatMap((histogram) => [...histogram])),
      sum,
      weight,
      penalty,
      minLeafWeight,
      ...(monotone !== null && { monotone: arena.storeUint8(new Uint8Array(monotone.buffer)) }),
    });
    arena.release(mark);
    return split;
  }

  it('are those of the twin exactly, whatever is missing, light, penalised or monotone', () => {
    for (let seed = 0; seed < 60; seed++) {
      const problem = randomHistograms(seed, [3, 20, 400][seed % 3]);
      const { histograms, sum, weight } = problem;
      for (const monotone of [null, Int8Array.of(1, -1, 0, 1, -1)])
        for (const [penalty, minLeafWeight] of [
          [0, 1],
          [1, 0.5],
          [3, 10],
        ])
          expect(find(problem, penalty, minLeafWeight, monotone)).toEqual(
            findHistogramSplit(histograms, sum, weight, penalty, minLeafWeight, monotone),
          );
    }
  });

  it('are none where all rows are alike or too few', () => {
    const histogram = Float64Array.of(2, 2, 3, 3, 0, 0);
    const alike = { histograms: [histogram], sum: 5, weight: 5 };
    expect(find(alike, 0, 1, null)).toBeNull();
    const unlike = { histograms: [Float64Array.of(-2, 2, 3, 3, 0, 0)], sum: 1, weight: 5 };
    expect(find(unlike, 0, 3, null)).toBeNull();
    const split = find(unlike, 0, 1, null)!;
    expect(split).toMatchObject({ feature: 0, bin: 0, missingLeft: false, leftSum: -2, leftWeight: 2 });
    // 4 / 2 + 9 / 3 - 1 / 5
    expect(split.gain).toBeCloseTo(4.8, 12);
  });
});
