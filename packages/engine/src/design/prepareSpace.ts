import type { InputRow, SearchSpace } from '@athanor/schema';
import type { Inputs } from '../models/inputs.ts';
import type { CompiledSpace, ExcludedPoint } from '../space/compiledSpace.ts';
import { compileSpace } from '../space/compileSpace.ts';
import { rowToPoint } from '../space/pointToRow.ts';
import { inputsToRows } from './inputsToRows.ts';

/** The space with what was made and what is under way left out; continuous parameters of a list take its values. */
export function prepareSpace(
  space: SearchSpace,
  measured: Inputs,
  pending: readonly InputRow[],
): { readonly compiled: CompiledSpace } {
  const { candidates } = space;
  const listed =
    candidates === undefined
      ? space
      : {
          ...space,
          variables: space.variables.map((variable) => {
            if (variable.kind !== 'parameter' || variable.step !== undefined) return variable;
            const values = candidates.map((row) => row[variable.key]);
            const within = values.filter(
              (value): value is number =>
                typeof value === 'number' && value >= variable.lower && value <= variable.upper,
            );
            return { kind: 'discrete' as const, key: variable.key, values: [...new Set(within)] };
          }),
        };
  const compiled = compileSpace(listed);
  const made = [...inputsToRows(measured), ...pending].flatMap((row): ExcludedPoint[] => {
    const point = rowToPoint(compiled, row);
    return point === null ? [] : [{ source: 0, cells: Array.from(point, (n, j) => [j, n] as const) }];
  });
  return { compiled: { ...compiled, excluded: [...compiled.excluded, ...made] } };
}
