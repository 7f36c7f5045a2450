import type { InputColumn, Inputs } from '../models/inputs.ts';
import type { FitData } from '../models/model.ts';
import { createGenerator } from '../random/createGenerator.ts';

/** A numeric input under test. */
export function numericInput(key: string, values: ArrayLike<number>): InputColumn {
  return {
    column: { kind: 'numeric', key, values: Float64Array.from(values) },
    bounds: null,
    isAmount: false,
  };
}

/** A categorical input under test; null is a missing cell. */
export function categoricalInput(key: string, cells: readonly (string | null)[]): InputColumn {
  const levels = [...new Set(cells.filter((cell) => cell !== null))];
  const codes = Int32Array.from(cells, (cell) => (cell === null ? -1 : levels.indexOf(cell)));
  return { column: { kind: 'categorical', key, codes, levels }, bounds: null, isAmount: false };
}

export function inputsOf(rowCount: number, ...columns: InputColumn[]): Inputs {
  return { rowCount, columns };
}

/** Rows that each stand alone. */
export function fitData(inputs: Inputs, y: ArrayLike<number>): FitData {
  return {
    inputs,
    y: Float64Array.from(y),
    groups: Int32Array.from({ length: inputs.rowCount }, (_, i) => i),
  };
}

/**
 * A table that any model can learn from: y = 20 + 10 a - 6 b + (3 for level red) + noise of sd 1, `a` and `b` uniform
 * in [0, 1], and an input `c` without effect.
 */
export function sampleTable(rowCount: number, seed: number): FitData {
  const generator = createGenerator(`sample table ${seed}`);
  const draw = () => Float64Array.from({ length: rowCount }, () => generator.uniform());
  const [a, b, c] = [draw(), draw(), draw()];
  const colors = Array.from({ length: rowCount }, () => ['red', 'green', 'blue'][generator.integer(3)]!);
  const y = a.map(
    (value, i) => 20 + 10 * value - 6 * b[i]! + (colors[i] === 'red' ? 3 : 0) + generator.normal(),
  );
  const inputs = inputsOf(
    rowCount,
    numericInput('a', a),
    numericInput('b', b),
    numericInput('c', c),
    categoricalInput('color', colors),
  );
  return fitData(inputs, y);
}
