import { expect, test } from 'vitest';
import { inputsOf, numericInput } from '../conformance/sampleTable.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { takeInputRows, type Inputs } from './inputs.ts';
import { screenInputs } from './screenInputs.ts';

const n = 30;
const stream = createGenerator('screening');
const draw = (): number[] => Array.from({ length: n }, () => stream.uniform());
const noise = Array.from({ length: 24 }, draw);
const [straight, bent] = [draw(), draw()];
const y = Float64Array.from(straight, (x, i) => 2 * x + 6 * (bent[i]! - 0.5) ** 2);

function inputsWith(noiseCount: number): Inputs {
  return inputsOf(
    n,
    ...noise.slice(0, noiseCount).map((values, j) => numericInput(`noise ${j}`, values)),
    numericInput('straight', straight),
    numericInput('bent', bent),
    numericInput(
      'same',
      straight.map(() => 1),
    ),
  );
}
const keysOf = ({ columns }: Inputs): string[] => columns.map(({ column }) => column.key);

test('half as many inputs as rows are kept where there are too many, what matters and what never varies among them', () => {
  const kept = keysOf(screenInputs(inputsWith(24), y, createGenerator(1)));
  expect(kept).toHaveLength(n / 2 + 1);
  expect(kept).toContain('straight');
  // A parabola has no rank correlation; the trees see it.
  expect(kept).toContain('bent');
  expect(kept).toContain('same');
});

test('a table with few inputs for its rows is left as it is', () => {
  const few = inputsWith(8);
  expect(screenInputs(few, y, createGenerator(1))).toBe(few);
});

test('the order of the columns makes no difference', () => {
  const inputs = inputsWith(24);
  const turned = { ...inputs, columns: [...inputs.columns].reverse() };
  const kept = keysOf(screenInputs(turned, y, createGenerator(1)));
  expect(kept.reverse()).toEqual(keysOf(screenInputs(inputs, y, createGenerator(1))));
});

test('a handful of rows leaves every input in', () => {
  const five = takeInputRows(
    inputsWith(8),
    Int32Array.from({ length: 5 }, (_, i) => i),
  );
  expect(screenInputs(five, y.slice(0, 5), createGenerator(1))).toBe(five);
});
