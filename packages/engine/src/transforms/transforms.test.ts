import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnOf } from '../linalg/matrix.ts';
import type { DeclaredBounds, InputColumn, Inputs } from '../models/inputs.ts';
import { takeInputRows } from '../models/inputs.ts';
import { PlainDataReader } from '../plainDataReader.ts';
import { checkInputEncoder } from './checkInputEncoder.ts';
import { closeAmounts, findClosure } from './closeAmounts.ts';
import { encodeInputs } from './encodeInputs.ts';
import { describeColumns, fitInputEncoder } from './inputEncoder.ts';
import { fitTargetScale, standardizeTarget, targetSpread, targetValue } from './targetScale.ts';

const impute = { missing: 'impute' } as const;
const keep = { missing: 'keep' } as const;

function numeric(key: string, values: number[], bounds: DeclaredBounds | null = null): InputColumn {
  return { column: { kind: 'numeric', key, values: Float64Array.from(values) }, bounds, isAmount: false };
}

function categorical(key: string, cells: (string | null)[]): InputColumn {
  const levels = [...new Set(cells.filter((cell) => cell !== null))];
  const codes = Int32Array.from(cells, (cell) => (cell === null ? -1 : levels.indexOf(cell)));
  return { column: { kind: 'categorical', key, codes, levels }, bounds: null, isAmount: false };
}

function inputsOf(...columns: InputColumn[]): Inputs {
  const { column } = columns[0]!;
  return { rowCount: column.kind === 'numeric' ? column.values.length : column.codes.length, columns };
}

/** Encoded columns by name, `key/role`, levels and missing in order. */
function encodeAll(inputs: Inputs, options: typeof impute | typeof keep = impute, rows = inputs) {
  const encoder = fitInputEncoder(inputs, options);
  const X = encodeInputs(encoder, rows);
  return describeColumns(encoder).map(({ key, role }, j) => ({
    name: `${key}/${role}`,
    cells: [...columnOf(X, j)],
  }));
}

test('a numeric range widened by a twentieth on both sides becomes [0, 1]', () => {
  const [x] = encodeAll(inputsOf(numeric('x', [10, 20, 30])));
  expect(x!.name).toBe('x/value');
  expect(x!.cells.map((cell) => cell.toFixed(6))).toEqual(['0.045455', '0.500000', '0.954545']);
});

test('declared bounds are the scale where there are some', () => {
  const [x] = encodeAll(inputsOf(numeric('x', [10, 20, 30], { lower: 0, upper: 40 })));
  expect(x!.cells).toEqual([0.25, 0.5, 0.75]);
});

test('shares of a closed composition that lacks many ingredients may become square roots, other amounts and parameters never', () => {
  const amount = (key: string, values: number[]): InputColumn => ({
    ...numeric(key, values),
    isAmount: true,
  });
  const roots = { missing: 'impute', hasRoots: true } as const;
  const shares = inputsOf(amount('a', [0, 25, 100]), amount('b', [100, 75, 0]), numeric('x', [0, 25, 100]));
  const encoder = fitInputEncoder(shares, roots);
  const [a, , x] = [0, 1, 2].map((j) => [...columnOf(encodeInputs(encoder, shares), j)]);
  expect((a![1]! - a![0]!) / (a![2]! - a![0]!)).toBeCloseTo(0.5, 12);
  expect((x![1]! - x![0]!) / (x![2]! - x![0]!)).toBeCloseTo(0.25, 12);
  expect(
    encodeInputs(encoder, inputsOf(amount('a', [-1]), amount('b', [NaN]), numeric('x', [1]))).values[0],
  ).toBe(a![0]);
  const open = inputsOf(amount('a', [0, 25, 90]), amount('b', [10, 75, 90]));
  expect(fitInputEncoder(open, roots)).toEqual(fitInputEncoder(open, impute));
  const full = inputsOf(amount('a', [10, 25, 90]), amount('b', [90, 75, 10]));
  expect(fitInputEncoder(full, roots)).toEqual(fitInputEncoder(full, impute));
  expect(fitInputEncoder(shares, impute).inputs.every((one) => one.kind === 'numeric' && !one.isRoot)).toBe(
    true,
  );
});

test('positive columns over a ratio of fifty are encoded as logarithms, others never', () => {
  const [age] = encodeAll(inputsOf(numeric('age', [1, 10, 100])));
  expect(age!.cells[1]).toBeCloseTo(0.5, 12);
  const [short] = encodeAll(inputsOf(numeric('age', [1, 10, 49])));
  expect(short!.cells[1]).toBeLessThan(0.3);
  const [zero] = encodeAll(inputsOf(numeric('age', [0, 10, 100])));
  expect(zero!.cells[1]).toBeLessThan(0.2);
});

test('an encoded number grows with the number, at and beyond the ends of what was seen', () => {
  const training = inputsOf(numeric('x', [1, 5, 200, 3]));
  const rows = inputsOf(numeric('x', [-1e300, -5, 0, 1e-300, 1, 2, 200, 1e4, 1e300]));
  for (const options of [impute, keep]) {
    const { cells } = encodeAll(training, options, rows)[0]!;
    expect(cells).toEqual([...cells].sort((a, b) => a - b));
    expect(cells.every(Number.isFinite)).toBe(true);
  }
});

test('numbers of any scale are encoded to finite numbers that keep their order', () => {
  const double = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(fc.array(double, { minLength: 2, maxLength: 8 }), (values) => {
      const distinct = [...new Set(values.map((value) => value + 0))].sort((a, b) => a - b);
      const [x] = encodeAll(inputsOf(numeric('x', distinct)));
      if (distinct.length < 2) expect(x).toBeUndefined();
      else {
        expect(x!.cells.every(Number.isFinite)).toBe(true);
        expect(x!.cells).toEqual([...x!.cells].sort((a, b) => a - b));
        expect(x!.cells[0]).not.toBe(x!.cells.at(-1));
      }
    }),
  );
});

test('missing numbers become the median, and get an indicator from five on either side', () => {
  const few = encodeAll(inputsOf(numeric('x', [1, 2, 3, 4, 5, NaN])));
  expect(few.map(({ name }) => name)).toEqual(['x/value']);
  expect(few[0]!.cells[5]).toBeCloseTo(few[0]!.cells[2]!, 12);

  const many = encodeAll(inputsOf(numeric('x', [1, 2, 3, 4, 6, ...Array<number>(5).fill(NaN)])));
  expect(many.map(({ name }) => name)).toEqual(['x/value', 'x/missing']);
  expect(many[1]!.cells).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);

  const kept = encodeAll(inputsOf(numeric('x', [1, 2, NaN])), keep);
  expect(kept[0]!.cells[2]).toBeNaN();
});

test('columns that say nothing are left out', () => {
  const nothing = encodeAll(inputsOf(numeric('same', [3, 3, 3]), numeric('empty', [NaN, NaN, NaN])));
  expect(nothing).toEqual([]);
  const onlyMissingness = encodeAll(
    inputsOf(numeric('x', [...Array<number>(5).fill(2), ...Array<number>(5).fill(NaN)])),
  );
  expect(onlyMissingness.map(({ name }) => name)).toEqual(['x/missing']);
});

test('any two levels, seen or not, are at distance one', () => {
  for (const cells of [
    ['a', 'a'],
    ['a', 'b'],
    ['a', 'b', 'c'],
    ['a', 'b', 'c', 'd', 'e'],
  ]) {
    const training = inputsOf(categorical('c', cells));
    const rows = inputsOf(categorical('c', [...new Set(cells), 'never seen']));
    const columns = encodeAll(training, impute, rows);
    for (let i = 0; i < rows.rowCount; i++) {
      for (let k = 0; k < i; k++) {
        const square = columns.reduce((sum, column) => sum + (column.cells[i]! - column.cells[k]!) ** 2, 0);
        expect(square).toBeCloseTo(1, 12);
      }
    }
  }
});

test('where all that may come is known, levels that no row has differ and a setting never changed is one', () => {
  const pool = inputsOf(
    categorical('c', ['a', 'b', 'c', 'd']),
    numeric('x', [1, 1, 2, 3], { lower: 1, upper: 3 }),
  );
  const closed = { ...pool, columns: pool.columns.map((input) => ({ ...input, isClosed: true })) };
  const squareBetween = (inputs: Inputs): number => {
    const columns = encodeAll(takeInputRows(inputs, Int32Array.of(0, 1)), impute, inputs);
    return columns.reduce((sum, { cells }) => sum + (cells[2]! - cells[3]!) ** 2, 0);
  };
  expect(squareBetween(pool)).toBe(0);
  expect(squareBetween(closed)).toBeCloseTo(1 + 0.5 ** 2, 12);
});

test('a missing level becomes the most frequent one, or a level of its own from five on', () => {
  const few = encodeAll(inputsOf(categorical('c', ['a', 'b', 'b', null])));
  expect(few[0]!.cells).toEqual([0, 1, 1, 1]);
  const many = encodeAll(
    inputsOf(categorical('c', [...Array<string>(5).fill('a'), ...Array<null>(5).fill(null)])),
  );
  expect(many[0]!.cells).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
  const kept = encodeAll(inputsOf(categorical('c', ['a', 'b', null])), keep);
  expect(kept.map(({ cells }) => cells[2])).toEqual([NaN, 0]);
});

test('the order of columns, rows and levels makes no difference', () => {
  const a = numeric('a', [1, 2, 3, 400]);
  const b = categorical('b', ['x', 'y', 'z', 'x']);
  const encoder = fitInputEncoder(inputsOf(a, b), impute);
  expect(fitInputEncoder(inputsOf(b, a), impute)).toEqual(encoder);
  const shuffled = takeInputRows(inputsOf(a, b), Int32Array.of(2, 0, 3, 1));
  expect(fitInputEncoder(shuffled, impute)).toEqual(encoder);
  expect(encodeInputs(encoder, inputsOf(b, a))).toEqual(encodeInputs(encoder, inputsOf(a, b)));
});

test('an absent column and one of another kind are refused by name', () => {
  const encoder = fitInputEncoder(inputsOf(numeric('a', [1, 2]), categorical('b', ['x', 'y'])), impute);
  expect(() => encodeInputs(encoder, inputsOf(numeric('a', [1])))).toThrow(/column b/);
  expect(() => encodeInputs(encoder, inputsOf(numeric('a', [1]), numeric('b', [1])))).toThrow(/in b/);
});

test('an encoder passes its own check, a garbled one does not', () => {
  const encoder = fitInputEncoder(
    inputsOf(numeric('a', [1, 2, NaN]), categorical('b', ['x', 'y', 'z'])),
    impute,
  );
  const check = (data: unknown) => checkInputEncoder(new PlainDataReader(structuredClone(data)));
  expect(check(encoder)).toEqual(encoder);
  const [a, b] = encoder.inputs;
  for (const wrong of [
    {},
    { inputs: 3 },
    { inputs: [b, a] },
    { inputs: [a, a] },
    { inputs: [{ ...a, width: 0 }] },
    { inputs: [{ ...a, lower: NaN }] },
    { inputs: [{ ...a, kind: 'other' }] },
    { inputs: [{ ...b, levels: [] }] },
    { inputs: [{ ...b, levels: ['x', 'x'] }] },
    { inputs: [{ ...b, fill: 3 }] },
  ])
    expect(() => check(wrong)).toThrow(expect.objectContaining({ code: 'ARTIFACT_INVALID' }));
});

test('a target of any scale is standardised and brought back', () => {
  for (const scale of [1, 1e300, 1e-320, 1e12, 1e-12]) {
    const y = Float64Array.of(1, 2, 4, 9).map((value) => value * scale);
    const fitted = fitTargetScale(y);
    const z = standardizeTarget(fitted, y);
    expect(z.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12);
    expect(z.reduce((sum, value) => sum + value ** 2, 0) / 3).toBeCloseTo(1, 12);
    z.forEach((value, i) => expect(targetValue(fitted, value) / y[i]!).toBeCloseTo(1, 2));
    expect(targetSpread(fitted, 1e-9)).toBeGreaterThan(0);
  }
  expect(fitTargetScale(Float64Array.of(5, 5, 5)).spread).toBe(1);
  expect(fitTargetScale(Float64Array.of(0, 0)).magnitude).toBe(1);
});

test('amounts that close without a missing cell had none of it', () => {
  const amount = (key: string, values: number[]): InputColumn => ({
    ...numeric(key, values),
    isAmount: true,
  });
  const table = inputsOf(
    amount('a', [50, 60, NaN, 100, 20, 30]),
    amount('b', [50, 40, 99.5, NaN, 80, NaN]),
    numeric('temperature', [NaN, 1, 2, 3, 4, 5]),
  );
  expect(findClosure(table)).toBe(100);
  const { inputs, openRows } = closeAmounts(table, 100);
  expect([...openRows]).toEqual([5]);
  expect((inputs.columns[0]!.column as { values: Float64Array }).values[2]).toBe(0);
  expect((inputs.columns[1]!.column as { values: Float64Array }).values[5]).toBeNaN();
  expect((inputs.columns[2]!.column as { values: Float64Array }).values[0]).toBeNaN();
  expect(findClosure(inputsOf(amount('a', [0.5, 0.4]), amount('b', [0.5, 0.6])))).toBe(1);
  expect(findClosure(inputsOf(amount('a', [300, 200]), amount('b', [50, 60])))).toBeNull();
  expect(findClosure(inputsOf(amount('a', [100, 100])))).toBeNull();
});

/** Amounts per volume: all but the last drawn, the last so that the total is `total` of the row. */
function amountsOf(totals: readonly number[]): Inputs {
  const first = totals.map((_, i) => 100 + ((i * 37) % 50));
  const second = totals.map((_, i) => 200 + ((i * 53) % 70));
  const rest = totals.map((total, i) => total - first[i]! - second[i]!);
  const columns = [first, second, rest].map((values, j) => ({ ...numeric(`a${j}`, values), isAmount: true }));
  return inputsOf(
    ...columns,
    numeric(
      't',
      totals.map((_, i) => i),
    ),
  );
}

const withTotal = { missing: 'impute', hasTotal: true } as const;
const totalKeys = (totals: readonly number[]): string[] =>
  describeColumns(fitInputEncoder(amountsOf(totals), withTotal))
    .map(({ key }) => key)
    .filter((key) => key.startsWith('total'));

test('the total of amounts is a column where they almost add up to one number, and nowhere else', () => {
  const nearly = Array.from({ length: 20 }, (_, i) => 1000 + 10 * (i % 7));
  expect(totalKeys(nearly)).toHaveLength(1);
  expect(totalKeys(nearly.map(() => 1000))).toEqual([]);
  expect(totalKeys(nearly.map((_, i) => 500 + 100 * i))).toEqual([]);
  const inputs = amountsOf(nearly);
  const encoder = fitInputEncoder(inputs, withTotal);
  const place = describeColumns(encoder).findIndex(({ key }) => key.startsWith('total'));
  const cells = columnOf(encodeInputs(encoder, inputs), place);
  // Monotone in the total, over its range with the margin.
  const order = [...nearly.keys()].sort((a, b) => cells[a]! - cells[b]!);
  expect(order.map((i) => nearly[i])).toEqual(nearly.slice().sort((a, b) => a - b));
  expect(Math.min(...cells)).toBeCloseTo(0.05 / 1.1, 12);
  expect(checkInputEncoder(new PlainDataReader(encoder))).toEqual(encoder);
  // A missing amount leaves the total unknown: it is that of the median row.
  const holed = {
    ...inputs,
    columns: [
      numeric(
        'a0',
        nearly.map(() => NaN),
      ),
      ...inputs.columns.slice(1),
    ],
  };
  const sorted = cells.slice().sort();
  expect(columnOf(encodeInputs(encoder, holed), place)[0]).toBeCloseTo(0.5 * (sorted[9]! + sorted[10]!), 12);
});

test('who does not ask for the total gets the columns alone', () => {
  const inputs = amountsOf(Array.from({ length: 20 }, (_, i) => 1000 + 10 * (i % 7)));
  expect(describeColumns(fitInputEncoder(inputs, impute)).map(({ key }) => key)).toEqual([
    'a0',
    'a1',
    'a2',
    't',
  ]);
});

test('levels that are steps of a scale share one column, evenly spaced, unless missing is one of them', () => {
  const strength = categorical('strength', ['high', 'low', 'medium', 'low', null]);
  const encoder = fitInputEncoder(inputsOf(strength), impute);
  const unseen = inputsOf(categorical('strength', ['very high', 'medium']));
  expect(describeColumns(encoder).map(({ role }) => role)).toEqual(['value', 'novel']);
  const [value, novel] = encodeAll(inputsOf(strength));
  expect(value!.cells).toEqual([1, 0, 0.5, 0, 0]);
  expect(novel!.cells).toEqual([0, 0, 0, 0, 0]);
  const X = encodeInputs(encoder, unseen);
  expect(columnOf(X, 0)).toEqual(Float64Array.of(0.5, 0.5));
  // As far from the ends as these are from each other.
  expect(Math.hypot(0.5, columnOf(X, 1)[0]!)).toBeCloseTo(1, 12);
  expect(columnOf(X, 1)[1]).toBe(0);
  expect(checkInputEncoder(new PlainDataReader(encoder))).toEqual(encoder);

  const gaps = categorical('strength', [...Array(5).fill(null), 'low', 'low', 'low', 'medium', 'high']);
  expect(fitInputEncoder(inputsOf(gaps), impute).inputs[0]).toMatchObject({
    levels: ['high', 'low', 'medium', null],
    isOrdered: false,
  });
});
