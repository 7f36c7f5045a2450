import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  fitData,
  inputsOf,
  numericInput,
  categoricalInput,
  sampleTable,
} from '../conformance/sampleTable.ts';
import { columnOf, createMatrix, matrixFromRows } from '../linalg/matrix.ts';
import { decomposeSingularValues } from '../linalg/singularValues.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { momentsOf } from '../posteriors/operations.ts';
import { leaveGroupsOut } from './linear/leaveGroupsOut.ts';
import { ridgeModel } from './ridge.ts';

const golden = JSON.parse(
  readFileSync(new URL('../../../../fixtures/ridge/ridge.json', import.meta.url), 'utf8'),
) as {
  X: number[][];
  y: number[];
  groups: number[];
  Xs: number[][];
  z: number[];
  penalties: number[];
  leftOut: number[];
  penalty: number;
  test: number[][];
  mean: number[];
  modelSd: number[];
  measurementSd: number[];
};
const generator = createGenerator(1);

function columnsOf(rows: number[][]) {
  return rows[0]!.map((_, j) =>
    numericInput(
      `x${j}`,
      rows.map((row) => row[j]!),
    ),
  );
}

test('leave-group-out errors in closed form are those of refitting, for groups of every size', () => {
  // Centring differs within each refit, which the intercept of both takes up.
  const X = matrixFromRows(golden.Xs);
  const { U, values } = decomposeSingularValues(X);
  const B = createMatrix(X.rowCount, values.length + 1);
  columnOf(B, 0).fill(1 / Math.sqrt(X.rowCount));
  for (let k = 0; k < values.length; k++) columnOf(B, k + 1).set(columnOf(U, k));
  const leaveOut = leaveGroupsOut(B, Float64Array.from(golden.z), Int32Array.from(golden.groups));
  golden.penalties.forEach((penalty, i) => {
    const shrinkage = Float64Array.of(1, ...values.map((value) => value ** 2 / (value ** 2 + penalty)));
    expect(leaveOut(shrinkage) / golden.leftOut[i]!).toBeCloseTo(1, 9);
  });
});

test('a row that the others say nothing about makes the error infinite, not wrong', () => {
  const B = createMatrix(3, 3);
  for (let k = 0; k < 3; k++) columnOf(B, k)[k] = 1;
  const leaveOut = leaveGroupsOut(B, Float64Array.of(1, 2, 3), Int32Array.of(0, 1, 2));
  expect(leaveOut(Float64Array.of(1, 1, 1))).toBe(Infinity);
});

test('predictions and both variances are those of scikit-learn and of the dense formula', () => {
  const inputs = inputsOf(golden.y.length, ...columnsOf(golden.X));
  const { penalty } = golden;
  const spec = { penaltyCount: 1, smallestPenalty: penalty, largestPenalty: penalty };
  const { fitted } = ridgeModel.fit(fitData(inputs, golden.y), spec, generator);
  const { mean, modelSd, measurementSd } = momentsOf(
    ridgeModel.predict(fitted, inputsOf(golden.test.length, ...columnsOf(golden.test))),
  );
  golden.mean.forEach((value, i) => expect(mean[i]! / value).toBeCloseTo(1, 9));
  golden.modelSd.forEach((value, i) => expect(modelSd[i]! / value).toBeCloseTo(1, 9));
  golden.measurementSd.forEach((value, i) => expect(measurementSd[i]! / value).toBeCloseTo(1, 9));
});

test('the penalty is weak where the inputs explain the target and strong where they do not', () => {
  const noise = createGenerator('noise');
  const { inputs, y } = sampleTable(80, 31);
  const penaltyFor = (target: Float64Array) =>
    ridgeModel.fit(fitData(inputs, target), ridgeModel.defaultSpec, generator).fitted.penalty;
  expect(penaltyFor(y)).toBeLessThan(10);
  expect(penaltyFor(y.map(() => noise.normal()))).toBeGreaterThan(100);
});

test('a level never seen is as unsure as its prior, a rare one less, a common one least', () => {
  const cells = Array.from({ length: 60 }, (_, i) => (i < 40 ? 'common' : i < 58 ? 'other' : 'rare'));
  const noise = createGenerator('levels');
  const data = fitData(
    inputsOf(60, categoricalInput('c', cells)),
    cells.map((cell) => (cell === 'common' ? 1 : cell === 'other' ? 3 : 2) + 0.1 * noise.normal()),
  );
  const { fitted } = ridgeModel.fit(data, ridgeModel.defaultSpec, generator);
  const { modelSd } = momentsOf(
    ridgeModel.predict(fitted, inputsOf(3, categoricalInput('c', ['never', 'rare', 'common']))),
  );
  expect(modelSd[0]).toBeGreaterThan(3 * modelSd[1]!);
  expect(modelSd[1]).toBeGreaterThan(2 * modelSd[2]!);
});

test('a wrong option is refused by name', () => {
  const spec = ridgeModel.defaultSpec;
  for (const [wrong, key] of [
    [{ ...spec, penaltyCount: 0 }, 'penaltyCount'],
    [{ ...spec, smallestPenalty: 0 }, 'smallestPenalty'],
    [{ ...spec, largestPenalty: 1e-5 }, 'largestPenalty'],
  ] as const)
    expect(() => ridgeModel.checkSpec!(wrong, [])).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', location: { field: key } }),
    );
});
