import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGenerator } from '../random/createGenerator.ts';
import { columnOf, createMatrix, matrixFromRows, takeMatrixRows, transpose, type Matrix } from './matrix.ts';
import { powerOfTwoAbove } from './powerOfTwoAbove.ts';
import { decomposeSingularValues } from './singularValues.ts';
import { solvePositiveDefinite } from './solvePositiveDefinite.ts';

function multiply(A: Matrix, B: Matrix): Matrix {
  const C = createMatrix(A.rowCount, B.columnCount);
  for (let j = 0; j < B.columnCount; j++)
    for (let i = 0; i < A.rowCount; i++)
      for (let k = 0; k < A.columnCount; k++)
        C.values[j * C.stride + i]! += A.values[k * A.stride + i]! * B.values[j * B.stride + k]!;
  return C;
}

/** Largest distance between cells of two matrices. */
function distance(A: Matrix, B: Matrix): number {
  let largest = 0;
  for (let j = 0; j < A.columnCount; j++)
    for (let i = 0; i < A.rowCount; i++)
      largest = Math.max(largest, Math.abs(columnOf(A, j)[i]! - columnOf(B, j)[i]!));
  return largest;
}

function identity(k: number): Matrix {
  const I = createMatrix(k, k);
  for (let j = 0; j < k; j++) columnOf(I, j)[j] = 1;
  return I;
}

function randomMatrix(rowCount: number, columnCount: number, seed: number): Matrix {
  const generator = createGenerator(seed);
  const X = createMatrix(rowCount, columnCount);
  for (let j = 0; j < columnCount; j++) columnOf(X, j).forEach((_, i, x) => (x[i] = generator.normal()));
  return X;
}

function checkDecomposition(X: Matrix, rank: number, scale = 1): void {
  const { U, values, V } = decomposeSingularValues(X);
  expect(values).toHaveLength(rank);
  expect([...values]).toEqual([...values].sort((a, b) => b - a));
  const US = createMatrix(U.rowCount, rank);
  for (let k = 0; k < rank; k++)
    columnOf(US, k).forEach((_, i, u) => (u[i] = (columnOf(U, k)[i]! * values[k]!) / scale));
  const unit: Matrix = { ...X, values: X.values.map((value) => value / scale) };
  expect(distance(multiply(US, transpose(V)), unit)).toBeLessThan(1e-13 * (1 + values[0]! / scale));
  expect(distance(multiply(transpose(U), U), identity(rank))).toBeLessThan(1e-12);
  expect(distance(multiply(transpose(V), V), identity(rank))).toBeLessThan(1e-12);
}

test('columns are padded to a multiple of four with zeros', () => {
  const X = matrixFromRows([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  expect([...X.values]).toEqual([1, 3, 5, 0, 2, 4, 6, 0]);
  expect([...takeMatrixRows(X, Int32Array.of(2, 0)).values]).toEqual([5, 1, 0, 0, 6, 2, 0, 0]);
  expect([...columnOf(transpose(X), 1)]).toEqual([3, 4]);
});

test('a decomposition rebuilds its matrix from orthonormal vectors at any shape', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 1, max: 12 }), fc.nat(), (n, d, seed) => {
      checkDecomposition(randomMatrix(n, d, seed), Math.min(n, d));
    }),
    { numRuns: 40 },
  );
});

test('repeated, constant and dependent columns only lower the rank', () => {
  const X = randomMatrix(20, 6, 3);
  columnOf(X, 1).set(columnOf(X, 0));
  columnOf(X, 2).fill(0);
  columnOf(X, 5).forEach((_, i, x) => (x[i] = columnOf(X, 3)[i]! - 2 * columnOf(X, 4)[i]!));
  checkDecomposition(X, 3);
  expect(decomposeSingularValues(createMatrix(4, 3)).values).toHaveLength(0);
});

test('singular values far apart are found to working precision', () => {
  // U diag(s) V' from two known orthonormal bases.
  const basis = (n: number, seed: number) => decomposeSingularValues(randomMatrix(n, 5, seed)).U;
  const U = basis(30, 1);
  const V = basis(5, 2);
  const s = [1e3, 1, 1e-3, 1e-6, 1e-9];
  s.forEach((value, k) => columnOf(U, k).forEach((u, i, column) => (column[i] = u * value)));
  const { values } = decomposeSingularValues(multiply(U, transpose(V)));
  s.forEach((value, k) => expect(Math.abs(values[k]! - value)).toBeLessThan(1e-12));
});

test('huge and tiny matrices are decomposed as exactly as ordinary ones', () => {
  for (const scale of [2 ** 1000, 2 ** -1000]) {
    const X = randomMatrix(12, 4, 5);
    checkDecomposition({ ...X, values: X.values.map((value) => value * scale) }, 4, scale);
  }
});

test('a power of two lies just above the largest magnitude', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 4 }), (values) => {
      const power = powerOfTwoAbove(values);
      const largest = Math.max(0, ...values.map(Math.abs));
      expect(Number.isInteger(Math.log2(power))).toBe(true);
      if (largest === 0) expect(power).toBe(1);
      else if (largest < 2 ** 1023) {
        expect(power).toBeGreaterThan(largest);
        if (power > 2 ** -1074) expect(power / 2).toBeLessThanOrEqual(largest);
      }
    }),
  );
  expect(powerOfTwoAbove([1, NaN])).toBe(2);
});

test('a positive definite system is solved, an indefinite one refused', () => {
  const A = Float64Array.of(4, 2, 0.6, 2, 5, 1, 0.6, 1, 3);
  const b = Float64Array.of(1, -2, 3);
  const x = b.slice();
  expect(solvePositiveDefinite(A.slice(), x, 3)).toBe(true);
  for (let i = 0; i < 3; i++)
    expect(A[i * 3]! * x[0]! + A[i * 3 + 1]! * x[1]! + A[i * 3 + 2]! * x[2]!).toBeCloseTo(b[i]!, 12);
  expect(solvePositiveDefinite(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1), 2)).toBe(false);
});
