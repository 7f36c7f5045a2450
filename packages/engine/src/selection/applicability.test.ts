import { expect, test } from 'vitest';
import { categoricalInput, inputsOf, numericInput } from '../conformance/sampleTable.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { fitApplicability, measureNearness } from './applicability.ts';

const n = 60;
const generator = createGenerator('applicability');
const a = Float64Array.from({ length: n }, () => generator.uniform());
/** Bunched near 1, with few experiments towards 4. */
const b = Float64Array.from({ length: n }, () => 1 + 3 * generator.uniform() ** 4);
const colors = Array.from({ length: n }, (_, i) => ['red', 'blue'][i % 2]!);
const inputs = inputsOf(n, numericInput('a', a), numericInput('b', b), categoricalInput('color', colors));
const rows = Int32Array.from({ length: n }, (_, i) => i);
const alone = rows;
const at = (x: number[], y: number[], color: string[]) =>
  inputsOf(x.length, numericInput('a', x), numericInput('b', y), categoricalInput('color', color));

/** Errors that grow where experiments are rare, or that do not. */
const rare = Float64Array.from(b, (x) => x - 0.9);
const noise = Float64Array.from(b, () => generator.uniform());

test('experiments are near themselves, and a row far from all of them is outside and named by what is farthest', () => {
  const fitted = fitApplicability(inputs, alone, rows, rare);
  const own = measureNearness(fitted, inputs);
  expect([...own.nearest]).toEqual([...rows]);
  expect(own.distance.every((distance) => distance === 0)).toBe(true);
  expect(own.score.filter((score) => score >= 0.7).length).toBeGreaterThan(0.9 * n);
  const far = measureNearness(fitted, at([0.5, 0.5, 3], [2, 13, 1.1], ['red', 'red', 'red']));
  expect(far.score[1]).toBe(0);
  expect(far.score[2]).toBe(0);
  expect(far.farthestInput.slice(1)).toEqual(['b', 'a']);
  expect(measureNearness(fitted, at([0.5], [1.1], ['green'])).score[0]).toBeLessThan(0.3);
});

test('the score falls along every way out', () => {
  const fitted = fitApplicability(inputs, alone, rows, rare);
  const steps = Array.from({ length: 30 }, (_, i) => 1 + i / 10);
  const { score } = measureNearness(
    fitted,
    at(
      steps,
      steps.map(() => 1.1),
      steps.map(() => 'red'),
    ),
  );
  expect(score.every((value, i) => i === 0 || value <= score[i - 1]!)).toBe(true);
});

test('the score is withdrawn where experiments far from the others are predicted no worse', () => {
  expect(fitApplicability(inputs, alone, rows, rare).isInformative).toBe(true);
  expect(fitApplicability(inputs, alone, rows, noise).isInformative).toBe(false);
  expect(
    fitApplicability(
      inputs,
      alone,
      rows,
      rare.map((error) => 1 / error),
    ).isInformative,
  ).toBe(false);
  expect(fitApplicability(inputs, alone, rows, new Float64Array(n).fill(NaN)).isInformative).toBe(false);
});

test('repeats of an experiment are no neighbours of each other', () => {
  const twice = (values: Float64Array) => Float64Array.of(...values, ...values);
  const doubled = inputsOf(2 * n, numericInput('a', twice(a)), numericInput('b', twice(b)));
  const groups = Int32Array.from({ length: 2 * n }, (_, i) => i % n);
  const single = inputsOf(n, numericInput('a', a), numericInput('b', b));
  const known = new Float64Array(2 * n).fill(1);
  const together = fitApplicability(doubled, groups, Int32Array.from(groups.keys()), known);
  const apart = fitApplicability(
    doubled,
    Int32Array.from(groups.keys()),
    Int32Array.from(groups.keys()),
    known,
  );
  expect(together.usual).toBeGreaterThan(apart.usual);
  expect(together.usual).toBeLessThanOrEqual(fitApplicability(single, alone, rows, rare).usual);
});
