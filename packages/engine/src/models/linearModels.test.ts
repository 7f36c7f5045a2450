import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fitData, inputsOf, numericInput } from '../conformance/sampleTable.ts';
import { momentsOf } from '../posteriors/operations.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { rmse } from '../scores/rmse.ts';
import { elasticNetModel } from './elasticNet.ts';
import type { InputColumn, Inputs } from './inputs.ts';
import { partialLeastSquaresModel } from './partialLeastSquares.ts';
import { responseSurfaceModel } from './responseSurface.ts';
import { ridgeModel } from './ridge.ts';
import { scheffeModel } from './scheffe.ts';

const golden = JSON.parse(
  readFileSync(new URL('../../../../fixtures/linear/linear.json', import.meta.url), 'utf8'),
) as {
  X: number[][];
  y: number[];
  test: number[][];
  elasticNet: { penalty: number; mixing: number; kept: number; mean: number[] }[];
  partialLeastSquares: number[][];
  parts: number[][];
  heat: number[];
  strength: number[];
  newParts: number[][];
  newHeat: number[];
  mixtures: { order: number; process: string; mean: number[] }[];
};
const generator = createGenerator('linear models');

function inputsFrom(rows: number[][]): Inputs {
  const columns = rows[0]!.map((_, j) =>
    numericInput(
      `x${j}`,
      rows.map((row) => row[j]!),
    ),
  );
  return inputsOf(rows.length, ...columns);
}

function mixtureInputs(parts: number[][], heat: number[]): Inputs {
  const amounts = inputsFrom(parts).columns.map((input): InputColumn => ({ ...input, isAmount: true }));
  return inputsOf(heat.length, ...amounts, numericInput('heat', heat));
}

const data = fitData(inputsFrom(golden.X), golden.y);
const testInputs = inputsFrom(golden.test);

function expectClose(actual: Float64Array, wanted: readonly number[], digits: number): void {
  expect(actual).toHaveLength(wanted.length);
  actual.forEach((value, i) => expect(value).toBeCloseTo(wanted[i]!, digits));
}

test('the elastic net with a given penalty is that of scikit-learn', () => {
  for (const { penalty, mixing, kept, mean } of golden.elasticNet) {
    const spec = { ...elasticNetModel.defaultSpec, penalty, mixing };
    const { fitted } = elasticNetModel.fit(data, spec, generator);
    expectClose(momentsOf(elasticNetModel.predict(fitted, testInputs)).mean, mean, 7);
    expect(fitted.coefficients.filter((value) => value !== 0)).toHaveLength(kept);
  }
});

test('the elastic net finds its penalty, and keeps the columns that matter among many that do not', () => {
  const noise = createGenerator('many columns');
  const rows = Array.from({ length: 60 }, () => Array.from({ length: 40 }, () => noise.normal()));
  const y = rows.map((row) => 3 * row[0]! - 2 * row[1]! + 0.5 * noise.normal());
  const { fitted } = elasticNetModel.fit(
    fitData(inputsFrom(rows), y),
    elasticNetModel.defaultSpec,
    generator,
  );
  const sizes = [...fitted.coefficients].map(Math.abs);
  const others = sizes.slice(2).filter((size) => size > 0.2);
  expect(sizes.filter((size) => size === 0).length).toBeGreaterThan(10);
  expect(Math.max(...sizes)).toBeGreaterThan(0.6);
  expect(others.length).toBeLessThan(4);
});

test('partial least squares has the predictions of scikit-learn for every number of components', () => {
  golden.partialLeastSquares.forEach((mean, k) => {
    const { fitted } = partialLeastSquaresModel.fit(data, { componentCount: k + 1 }, generator);
    expectClose(momentsOf(partialLeastSquaresModel.predict(fitted, testInputs)).mean, mean, 7);
    expect(fitted.spectrum).toHaveLength(k + 1);
  });
});

test('mixture polynomials without a penalty are the least-squares fits of Scheffe terms in plain fractions', () => {
  const mixture = fitData(mixtureInputs(golden.parts, golden.heat), golden.strength);
  const unseen = mixtureInputs(golden.newParts, golden.newHeat);
  for (const { order, process, mean } of golden.mixtures) {
    const { fitted } = scheffeModel.fit(mixture, { order, process, penalty: 1e-10 }, generator);
    expectClose(momentsOf(scheffeModel.predict(fitted, unseen)).mean, mean, 6);
  }
});

test('a mixture polynomial finds the order and the process that made the data', () => {
  const mixture = fitData(mixtureInputs(golden.parts, golden.heat), golden.strength);
  const { fitted } = scheffeModel.fit(mixture, scheffeModel.defaultSpec, generator);
  // Two components that blend, and heat beside them: neither linear nor crossed with heat.
  const pairs = [...fitted.terms].filter((_, p) => p % 4 === 1).filter((index) => index >= 0);
  expect(pairs.length).toBeGreaterThanOrEqual(6);
  const { mean, measurementSd } = momentsOf(scheffeModel.predict(fitted, mixture.inputs));
  expect(rmse(mean, mixture.y)).toBeLessThan(1.2);
  expect(Math.max(...measurementSd)).toBeLessThan(3);
});

test('amounts that do not close get a component for the rest, and missing ones their mean share', () => {
  const open = golden.parts.map((row) => row.slice(0, 3));
  const amounts = inputsFrom(open).columns.map((input): InputColumn => ({ ...input, isAmount: true }));
  const inputs = inputsOf(60, ...amounts);
  const { fitted } = scheffeModel.fit(fitData(inputs, golden.strength), scheffeModel.defaultSpec, generator);
  expect(fitted.components!.hasRest).toBe(true);
  const gaps = amounts.map((input) => ({
    ...input,
    column: { ...input.column, values: new Float64Array(2).fill(NaN) },
  })) as InputColumn[];
  const { mean } = momentsOf(scheffeModel.predict(fitted, inputsOf(2, ...gaps)));
  expect(mean.every(Number.isFinite)).toBe(true);
});

test('a response surface finds a product and a square, and leaves the other terms out', () => {
  const noise = createGenerator('surface');
  const draw = (count: number) =>
    Array.from({ length: count }, () => Array.from({ length: 6 }, () => 1 + noise.uniform()));
  const truth = (row: number[]) =>
    4 * row[0]! + row[1]! + 12 * (row[1]! - 1.5) * (row[2]! - 1.5) + 8 * (row[3]! - 1.5) ** 2;
  const rows = draw(80);
  const y = rows.map((row) => truth(row) + 0.1 * noise.normal());
  const { fitted } = responseSurfaceModel.fit(
    fitData(inputsFrom(rows), y),
    responseSurfaceModel.defaultSpec,
    generator,
  );
  const pairs = Array.from({ length: fitted.terms.length / 2 }, (_, t) => [
    ...fitted.terms.subarray(2 * t, 2 * t + 2),
  ]);
  expect(pairs).toContainEqual([1, 2]);
  expect(pairs).toContainEqual([3, 3]);
  expect(pairs.length).toBeLessThan(6);
  const unseen = draw(200);
  const wanted = Float64Array.from(unseen, truth);
  const { mean } = momentsOf(responseSurfaceModel.predict(fitted, inputsFrom(unseen)));
  const straight = ridgeModel.fit(fitData(inputsFrom(rows), y), ridgeModel.defaultSpec, generator).fitted;
  const linear = momentsOf(ridgeModel.predict(straight, inputsFrom(unseen))).mean;
  expect(rmse(mean, wanted)).toBeLessThan(0.2);
  expect(rmse(mean, wanted)).toBeLessThan(0.2 * rmse(linear, wanted));
});

test('a response surface takes all terms of a designed experiment, and none of few settings measured often', () => {
  const noise = createGenerator('designs');
  const truth = ([a, b, c]: number[]) =>
    70 + 8 * a! + 5 * b! - 3 * c! - 6 * a! ** 2 - 4 * b! ** 2 - 3 * c! ** 2 + 4 * a! * b! + 3 * b! * c!;
  const levels = [-1, 0, 1];
  const cube = levels.flatMap((a) => levels.flatMap((b) => levels.map((c) => [a, b, c])));
  // Box and Behnken's design: the middles of the edges, and the middle three times.
  const design = [
    ...cube.filter((point) => point.filter((x) => x === 0).length === 1),
    ...[1, 2, 3].map(() => [0, 0, 0]),
  ];
  const fit = (rows: number[][], y: number[]) =>
    responseSurfaceModel.fit(fitData(inputsFrom(rows), y), responseSurfaceModel.defaultSpec, generator)
      .fitted;
  const surface = fit(
    design,
    design.map((point) => truth(point) + 0.1 * noise.normal()),
  );
  expect(surface.terms).toHaveLength(2 * 6);
  const { mean } = momentsOf(responseSurfaceModel.predict(surface, inputsFrom(cube)));
  expect(rmse(mean, Float64Array.from(cube, truth))).toBeLessThan(0.5);

  const settings = Array.from({ length: 8 }, () => Array.from({ length: 4 }, () => noise.uniform()));
  const rows = settings.flatMap((row) => [row, row, row, row]);
  expect(
    fit(
      rows,
      rows.map(([a, b]) => a! * b! + 0.01 * noise.normal()),
    ).terms,
  ).toHaveLength(0);
});

test('a response surface without terms is ridge regression, near the data and far from them', () => {
  const spec = { maxTerms: 0 };
  const { fitted } = responseSurfaceModel.fit(data, spec, generator);
  const ridge = ridgeModel.fit(data, ridgeModel.defaultSpec, generator).fitted;
  const near = golden.X.slice(0, 5);
  const rows = inputsFrom([...near, ...near.map((row) => row.map((value) => 100 * value))]);
  expectClose(
    momentsOf(responseSurfaceModel.predict(fitted, rows)).mean,
    [...momentsOf(ridgeModel.predict(ridge, rows)).mean],
    9,
  );
});
