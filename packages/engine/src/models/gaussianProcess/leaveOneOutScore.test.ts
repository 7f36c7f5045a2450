import { createRoutines, supportedBuilds } from '@athanor/wasm';
import { describe, expect, test } from 'vitest';
import { fitData, inputsOf, numericInput, sampleTable } from '../../conformance/sampleTable.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import { columnOf, createMatrix } from '../../linalg/matrix.ts';
import { momentsOf } from '../../posteriors/operations.ts';
import { createGenerator } from '../../random/createGenerator.ts';
import { gaussianProcessModel } from '../gaussianProcess.ts';
import { LeaveOut } from './leaveOut.ts';
import { LogPosterior } from './logPosterior.ts';
import { singleRows } from './trainingRows.ts';

const kernel: Kernel = {
  form: 'matern52',
  lengthscaleOf: Int32Array.of(0, 1, 1),
  lengthscaleCount: 2,
  hasOutputScale: true,
  fixed: [{ kind: 'linear', centre: Float64Array.of(0.5, 0.5, 0.5) }],
};
const logs = Float64Array.of(-0.3, 0.2, -0.1, -1, -3);

describe.each(supportedBuilds())('leaving rows out instead of the likelihood (%s)', (build) => {
  const routines = createRoutines({ build });

  test.each([
    [2, true],
    [17, true],
    [17, false],
  ])('has the density of left-out rows and its gradient, %i rows, mean %s', (n, hasMean) => {
    const generator = createGenerator(`left out ${n}`);
    const X = createMatrix(n, 3);
    for (let j = 0; j < 3; j++) columnOf(X, j).forEach((_, i, column) => (column[i] = generator.uniform()));
    const rows = singleRows(
      X,
      Float64Array.from({ length: n }, () => generator.normal()),
    );
    const mark = routines.arena.mark();
    const posterior = new LogPosterior(routines, kernel, rows, {
      priors: [],
      hasMean,
      jitter: 0,
      criterion: 'leaveOneOut',
    });
    const gradient = new Float64Array(logs.length);
    const value = posterior.evaluate(logs, gradient);
    const given = gradient.slice();
    const noise = new Float64Array(n).fill(Math.exp(-3));
    const leaveOut = LeaveOut.prepare(routines, kernel, logs, rows, noise, hasMean)!;
    expect(value).toBeCloseTo(-leaveOut.logDensity(rows.z), 9);
    given.forEach((slope, i) => {
      const at = (step: number): number => posterior.evaluate(logs.with(i, logs[i]! + step), gradient);
      const measured = (at(1e-5) - at(-1e-5)) / 2e-5;
      expect(Math.abs(slope - measured) / (1 + Math.abs(measured))).toBeLessThan(1e-6);
    });
    routines.arena.release(mark);
  });
});

test('a fit by it learns, replicates and all', () => {
  const { inputs, y } = sampleTable(40, 5);
  const spec = { ...gaussianProcessModel.defaultSpec, criterion: 'leaveOneOut' as const };
  const { fitted } = gaussianProcessModel.fit(fitData(inputs, y), spec, createGenerator(1));
  const rest = sampleTable(100, 6);
  const { mean } = momentsOf(gaussianProcessModel.predict(fitted, rest.inputs));
  const error = Math.sqrt(mean.reduce((sum, v, i) => sum + (v - rest.y[i]!) ** 2 / 100, 0));
  expect(error).toBeLessThan(1.6);
  const twice = inputsOf(
    20,
    numericInput(
      'a',
      Array.from({ length: 20 }, (_, i) => i >> 1),
    ),
  );
  const repeated = fitData(
    twice,
    Float64Array.from({ length: 20 }, (_, i) => (i >> 1) + 0.1 * (i % 2)),
  );
  const again = gaussianProcessModel.fit(repeated, spec, createGenerator(1)).fitted;
  expect(momentsOf(gaussianProcessModel.predict(again, twice)).mean[19]!).toBeCloseTo(9, 0);
  expect(() => gaussianProcessModel.checkSpec!({ ...spec, criterion: 'guess' as 'likelihood' }, [])).toThrow(
    'criterion must be one of likelihood, leaveOneOut',
  );
});
