import { EngineError } from '../engineError.ts';
import type { InputColumn, Inputs } from '../models/inputs.ts';
import { valueOf, type CompiledSpace } from '../space/compiledSpace.ts';
import type { Column } from '../table/column.ts';

/**
 * Points of a space as the inputs of models: the columns of `like`, in its order. An input that the space does not have
 * must not vary: it gets the value it always had.
 *
 * @param points [count, d], one point after the other
 * @throws EngineError with code SPACE_INVALID when the space lacks an input that varies
 */
export function pointsToInputs(space: CompiledSpace, points: Int32Array, like: Inputs): Inputs {
  const d = space.variables.length;
  const rowCount = points.length / d;
  const placeOf = new Map(space.variables.map(({ key }, j) => [key, j]));
  return {
    rowCount,
    columns: like.columns.map((input): InputColumn => {
      const { key } = input.column;
      const place = placeOf.get(key);
      return {
        ...input,
        column:
          place === undefined
            ? repeatConstant(input.column, rowCount)
            : fill(space, points, place, input, rowCount),
      };
    }),
  };
}

function fill(
  space: CompiledSpace,
  points: Int32Array,
  place: number,
  { column }: InputColumn,
  rowCount: number,
): Column {
  const { key, kind } = column;
  const variable = space.variables[place]!;
  const d = space.variables.length;
  const isText = variable.kind === 'list' && typeof variable.values[0] === 'string';
  if (isText !== (kind !== 'numeric'))
    throw new EngineError('SPACE_INVALID', `${key} is ${kind} in the table and not so in the search space`, {
      field: `variables/${place}`,
      column: key,
    });
  if (isText) {
    const codes = new Int32Array(rowCount);
    for (let i = 0; i < rowCount; i++) codes[i] = points[i * d + place]!;
    const levels = variable.values as readonly string[];
    if (column.kind !== 'molecular') return { kind: 'categorical', key, codes, levels };
    const places = levels.map((smiles) => column.levels.indexOf(smiles));
    const unknown = levels.find((_, level) => places[level]! < 0);
    if (unknown !== undefined)
      throw new EngineError(
        'SPACE_INVALID',
        `${JSON.stringify(unknown)} is none of the molecules of ${key} in the table, as canonical SMILES`,
        { field: `variables/${place}`, column: key },
      );
    return { ...column, codes: codes.map((level) => places[level]!) };
  }
  const values = new Float64Array(rowCount);
  for (let i = 0; i < rowCount; i++) values[i] = valueOf(variable, points[i * d + place]!) as number;
  return { kind: 'numeric', key, values };
}

function repeatConstant(column: Column, rowCount: number): Column {
  const cells: ArrayLike<number> = column.kind === 'numeric' ? column.values : column.codes;
  const distinct = new Set(Array.from(cells));
  if (distinct.size > 1)
    throw new EngineError(
      'SPACE_INVALID',
      `the search space has no variable ${column.key}, which models need`,
      {
        field: 'variables',
        column: column.key,
      },
    );
  if (column.kind === 'numeric')
    return { ...column, values: new Float64Array(rowCount).fill(cells[0] ?? NaN) };
  return { ...column, codes: new Int32Array(rowCount).fill(cells[0] ?? -1) };
}
