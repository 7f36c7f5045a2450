import { createRoutines, supportedBuilds } from '@athanor/wasm';
import { describe, expect, test } from 'vitest';
import type { Kernel } from '../../kernels/kernel.ts';
import { columnOf, createMatrix, takeMatrixRows, type Matrix } from '../../linalg/matrix.ts';
import { createGenerator } from '../../random/createGenerator.ts';
import { conditionOnRows } from './conditionOnRows.ts';
import type { GaussianProcessState } from './gaussianProcessState.ts';
import { candidateTolerance, predictCandidates } from './predictCandidates.ts';
import { predictLatent } from './predictLatent.ts';
import { singleRows } from './trainingRows.ts';

function randomRows(n: number, d: number, seed: string): Matrix {
  const generator = createGenerator(seed);
  const X = createMatrix(n, d);
  for (let j = 0; j < d; j++) columnOf(X, j).forEach((_, i, column) => (column[i] = generator.uniform()));
  return X;
}

interface Case {
  readonly n: number;
  readonly d: number;
  readonly form: Kernel['form'];
  readonly lengthscale: number;
  readonly noise: number;
}

const routines = createRoutines();

function stateOf({ n, d, form, lengthscale, noise }: Case, useRoutines = routines): GaussianProcessState {
  const kernel: Kernel = {
    form,
    lengthscaleOf: new Int32Array(d),
    lengthscaleCount: 1,
    hasOutputScale: true,
    fixed: [{ kind: 'linear', centre: new Float64Array(d).fill(0.5) }],
  };
  const logs = Float64Array.of(lengthscale, 0.9, 0.2).map(Math.log);
  const features = randomRows(n, d, `rows ${n}`);
  const z = columnOf(features, 0).map((x) => Math.sin(6 * x));
  const diagonal = new Float64Array(n).fill(noise);
  const rows = singleRows(features, z);
  const { member } = conditionOnRows(useRoutines, kernel, logs, rows, diagonal, noise, true)!;
  return { kind: 'process', kernel, logs, features, z, sources: null, members: [member] };
}

/** Anywhere, beyond the range, nearly at training rows, and between them. */
function candidatesOf({ features }: GaussianProcessState, m: number): Matrix {
  const { rowCount: n, columnCount: d } = features;
  const X = randomRows(m, d, 'candidates');
  for (let j = 0; j < d; j++) {
    const from = columnOf(features, j);
    columnOf(X, j).forEach((x, i, column) => {
      if (i % 4 === 1) column[i] = 3 * x - 1;
      if (i % 4 === 2) column[i] = from[i % n]! + 1e-3 * x;
      if (i % 4 === 3) column[i] = 0.5 * (from[i % n]! + from[(7 * i) % n]!);
    });
  }
  return X;
}

const cases: Case[] = [
  { n: 120, d: 10, form: 'matern52', lengthscale: 0.8, noise: 0.05 },
  { n: 150, d: 30, form: 'rbf', lengthscale: 1.5, noise: 0.01 },
  { n: 200, d: 6, form: 'matern52', lengthscale: 0.3, noise: 1e-3 },
  { n: 130, d: 3, form: 'matern52', lengthscale: 1, noise: 1e-4 },
  { n: 101, d: 1, form: 'rbf', lengthscale: 0.3, noise: 1e-4 },
];

describe('predicting candidates', () => {
  test.each(cases)('keeps means and errs within its tolerance in spread ($n rows, $d inputs)', (one) => {
    const state = stateOf(one);
    const X = candidatesOf(state, 4000);
    const exact = predictLatent(routines, state, X);
    const rough = predictCandidates(routines, state, X);
    expect(rough.mean).toEqual(exact.mean);
    rough.variance.forEach((value, i) => {
      const error = Math.abs(Math.sqrt(value) - Math.sqrt(exact.variance[i]!));
      expect(error).toBeLessThanOrEqual(candidateTolerance * Math.sqrt(exact.variance[i]!));
    });
  });

  test('takes single precision only where that is exact enough', () => {
    const X = (state: GaussianProcessState): Matrix => candidatesOf(state, 400);
    const changed = cases.map((one) => {
      const state = stateOf(one);
      const exact = predictLatent(routines, state, X(state)).variance;
      const rough = predictCandidates(routines, state, X(state)).variance;
      return rough.filter((value, i) => value !== exact[i]).length;
    });
    expect(changed[0]).toBeGreaterThan(200);
    // Hardly any noise in three dimensions: all is explained, and float32 would see nothing of the rest.
    expect(changed.slice(3)).toEqual([0, 0]);
  });

  test.each(supportedBuilds())('says the same of a candidate alone and among others (%s)', (build) => {
    const own = createRoutines({ build });
    const state = stateOf(cases[0]!, own);
    const X = candidatesOf(state, 40);
    const all = predictCandidates(own, state, X);
    for (const rows of [[0], [5, 2], [39, 38, 37]]) {
      const part = predictCandidates(own, state, takeMatrixRows(X, Int32Array.from(rows)));
      expect([...part.variance]).toEqual(rows.map((i) => all.variance[i]));
    }
  });

  test('is the ordinary prediction for few rows', () => {
    const state = stateOf({ ...cases[0]!, n: 60 });
    const X = candidatesOf(state, 50);
    expect(predictCandidates(routines, state, X)).toEqual(predictLatent(routines, state, X));
  });
});
