import { createRoutines, supportedBuilds } from '@athanor/wasm';
import { describe, expect, test } from 'vitest';
import { decodePlainData } from '../../artifact/decodePlainData.ts';
import { encodePlainData } from '../../artifact/encodePlainData.ts';
import { fitData, inputsOf, numericInput } from '../../conformance/sampleTable.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import { columnOf, createMatrix, takeMatrixRows } from '../../linalg/matrix.ts';
import { routines as sharedRoutines } from '../../linalg/routines.ts';
import type { PlainData } from '../../plainData.ts';
import { logDensitiesOf, momentsOf } from '../../posteriors/operations.ts';
import { createGenerator } from '../../random/createGenerator.ts';
import { gaussianProcessModel } from '../gaussianProcess.ts';
import type { FitData } from '../model.ts';
import { groupReplicates } from './groupReplicates.ts';
import { hyperparameterSpace } from './hyperparameterSpace.ts';
import { leaveGroupsOut } from './leaveGroupsOut.ts';
import { LogPosterior } from './logPosterior.ts';
import { collapseReplicates, singleRows, type TrainingRows } from './trainingRows.ts';

const kernel: Kernel = {
  form: 'matern52',
  lengthscaleOf: Int32Array.of(0, 1),
  lengthscaleCount: 2,
  hasOutputScale: true,
  fixed: [{ kind: 'linear', centre: Float64Array.of(0.5, 0.5) }],
};
const { priors } = hyperparameterSpace(kernel, 'gamma', null, true);
const logs = Float64Array.of(-0.3, 0.2, -0.1, -1, -3, 0.7);

describe.each(supportedBuilds())('a noise that depends on the target (%s)', (build) => {
  const routines = createRoutines({ build });
  const generator = createGenerator('noise trend');
  const base = createMatrix(9, 2);
  for (let j = 0; j < 2; j++) columnOf(base, j).forEach((_, i, column) => (column[i] = generator.uniform()));
  const order = Int32Array.from({ length: 20 }, (_, i) => (i * 5) % 9);
  const X = takeMatrixRows(base, order);
  const z = Float64Array.from(order, () => generator.normal());
  const replicates = groupReplicates(X, z);
  const rows = collapseReplicates(X, z, replicates, null);
  const level = Float64Array.from(rows.z, () => generator.normal());

  const evaluate = (of: TrainingRows, at: Float64Array, levels: Float64Array) => {
    const mark = routines.arena.mark();
    const posterior = new LogPosterior(routines, kernel, of, {
      priors,
      hasMean: true,
      jitter: 1e-8,
      level: levels,
    });
    const gradient = new Float64Array(at.length);
    const value = posterior.evaluate(at, gradient);
    routines.arena.release(mark);
    return { value, gradient };
  };

  test('has the gradient of finite differences', () => {
    const { gradient } = evaluate(rows, logs, level);
    gradient.forEach((slope, i) => {
      const at = (step: number): number => evaluate(rows, logs.with(i, logs[i]! + step), level).value;
      const measured = (at(1e-5) - at(-1e-5)) / 2e-5;
      expect(Math.abs(slope - measured) / (1 + Math.abs(measured))).toBeLessThan(1e-6);
    });
  });

  test('has the likelihood of all measurements when replicates are collapsed', () => {
    const each = Float64Array.from(order, (_, i) => level[replicates.groupOf[i]!]!);
    const all = evaluate(singleRows(X, z), logs, each);
    const few = evaluate(rows, logs, level);
    expect(Math.abs(few.value - all.value)).toBeLessThan(1e-5);
    few.gradient.forEach((slope, i) => expect(Math.abs(slope - all.gradient[i]!)).toBeLessThan(1e-4));
  });
});

/** Measured three times each, with an error that rises with the property. */
function risingErrors(n: number, strength: number, seed: number): FitData {
  const generator = createGenerator(`rising errors ${seed}`);
  const draw = (): number[] => Array.from({ length: n }, () => generator.uniform()).flatMap((x) => [x, x, x]);
  const [a, b] = [draw(), draw()];
  const y = a.map((x, i) => {
    const truth = Math.sin(4 * x) + b[i]!;
    return truth + 0.1 * Math.exp(strength * (truth - 1)) * generator.normal();
  });
  const rows = fitData(inputsOf(3 * n, numericInput('a', a), numericInput('b', b)), y);
  return { ...rows, groups: rows.groups.map((i) => Math.floor(i / 3)) };
}

describe('the model', () => {
  const spec = gaussianProcessModel.defaultSpec;
  const given = risingErrors(40, 2, 1);
  const { fitted } = gaussianProcessModel.fit(given, spec, createGenerator(1));

  test('lets the noise rise where it does, and predicts new measurements better for it', () => {
    expect(fitted.noiseTrend!.slope).toBeGreaterThan(0.5);
    const plain = gaussianProcessModel.fit(given, { ...spec, noise: 'constant' }, createGenerator(1)).fitted;
    expect(plain.noiseTrend).toBeNull();
    const rest = risingErrors(100, 2, 2);
    const density = (of: typeof fitted): number =>
      logDensitiesOf(gaussianProcessModel.predict(of, rest.inputs), rest.y).reduce((sum, v) => sum + v, 0) /
      300;
    expect(density(fitted)).toBeGreaterThan(density(plain) + 0.1);
    const { mean, modelSd, measurementSd } = momentsOf(gaussianProcessModel.predict(fitted, rest.inputs));
    const noise = measurementSd.map((sd, i) => Math.sqrt(sd ** 2 - modelSd[i]! ** 2));
    const highest = mean.indexOf(Math.max(...mean));
    const lowest = mean.indexOf(Math.min(...mean));
    expect(noise[highest]!).toBeGreaterThan(3 * noise[lowest]!);
  });

  test('leaves a noise alone that is the same everywhere', () => {
    const even = gaussianProcessModel.fit(risingErrors(40, 0, 3), spec, createGenerator(1)).fitted;
    expect(even.noiseTrend).toBeNull();
    expect(gaussianProcessModel.warmStart!(spec, even).noise).toBe('constant');
  });

  test('is stored and read bit by bit, starts again, and is left out group by group', () => {
    const read = gaussianProcessModel.check(decodePlainData(encodePlainData(fitted as unknown as PlainData)));
    expect(gaussianProcessModel.predict(read, given.inputs)).toEqual(
      gaussianProcessModel.predict(fitted, given.inputs),
    );
    const warm = gaussianProcessModel.warmStart!(spec, fitted);
    gaussianProcessModel.checkSpec!(warm, []);
    expect(gaussianProcessModel.fit(given, warm, createGenerator(2)).fitted.noiseTrend).not.toBeNull();
    const preview = momentsOf(leaveGroupsOut(sharedRoutines(), fitted, given.groups)!);
    expect(Math.max(...preview.measurementSd)).toBeGreaterThan(3 * Math.min(...preview.measurementSd));
  });
});
