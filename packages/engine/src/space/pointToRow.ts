import type { InputRow } from '@athanor/schema';
import { valueOf, type CompiledSpace } from './compiledSpace.ts';

/** A point as the row a chemist reads. */
export function pointToRow(space: CompiledSpace, point: ArrayLike<number>): InputRow {
  return Object.fromEntries(
    space.variables.map((variable, j) => [variable.key, valueOf(variable, point[j]!)]),
  );
}

/** The point nearest to a row; null when a cell is missing or a level is not in the space. */
export function rowToPoint(space: CompiledSpace, row: InputRow): Int32Array | null {
  const point = new Int32Array(space.variables.length);
  for (const [j, variable] of space.variables.entries()) {
    const cell = row[variable.key];
    if (variable.kind === 'lattice') {
      if (typeof cell !== 'number') return null;
      point[j] = Math.round((cell * variable.denominator - variable.base) / variable.step);
    } else {
      const n = (variable.values as readonly unknown[]).indexOf(cell);
      if (n < 0) return null;
      point[j] = n;
    }
  }
  return point;
}
