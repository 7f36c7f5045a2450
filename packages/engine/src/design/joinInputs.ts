import { EngineError } from '../engineError.ts';
import type { Inputs } from '../models/inputs.ts';
import type { Molecule } from '../table/molecules/molecule.ts';
import { moleculeOf, packMolecules } from '../table/molecules/moleculeSet.ts';
import type { CategoricalColumn, Column, MolecularColumn, NumericColumn } from '../table/column.ts';

/** The rows of several inputs below each other; columns are those of the first, found by key in the others. */
export function joinInputs(parts: readonly Inputs[]): Inputs {
  const first = parts[0]!;
  const rowCount = parts.reduce((sum, part) => sum + part.rowCount, 0);
  return {
    rowCount,
    columns: first.columns.map((input) => {
      const columns = parts.map((part) => {
        const found = part.columns.find(({ column }) => column.key === input.column.key)?.column;
        if (found === undefined || found.kind !== input.column.kind)
          throw new EngineError(
            'COLUMN_MISSING',
            `the rows have no ${input.column.kind} ${input.column.key}`,
            {
              column: input.column.key,
            },
          );
        return found;
      });
      return { ...input, column: joinColumns(columns, rowCount) };
    }),
  };
}

function joinColumns(columns: readonly Column[], rowCount: number): Column {
  const { key, kind } = columns[0]!;
  let next = 0;
  if (kind === 'numeric') {
    const values = new Float64Array(rowCount);
    for (const column of columns as readonly NumericColumn[]) {
      values.set(column.values, next);
      next += column.values.length;
    }
    return { kind, key, values };
  }
  if (kind === 'molecular') return joinMolecules(columns as readonly MolecularColumn[], rowCount);
  const levels: string[] = [];
  const placeOf = new Map<string, number>();
  const codes = new Int32Array(rowCount);
  for (const column of columns as readonly CategoricalColumn[]) {
    const places = column.levels.map((level) => {
      let place = placeOf.get(level);
      if (place === undefined) {
        place = levels.length;
        levels.push(level);
        placeOf.set(level, place);
      }
      return place;
    });
    for (const code of column.codes) codes[next++] = code < 0 ? -1 : places[code]!;
  }
  return { kind, key, codes, levels };
}

function joinMolecules(columns: readonly MolecularColumn[], rowCount: number): MolecularColumn {
  const first = columns[0]!;
  const placeOf = new Map<string, number>();
  const found: Molecule[] = [];
  const refused: MolecularColumn['refused'][number][] = [];
  const codes = new Int32Array(rowCount);
  let next = 0;
  for (const { levels, molecules, codes: own, refused: reasons } of columns) {
    levels.forEach((smiles, level) => {
      if (placeOf.has(smiles)) return;
      placeOf.set(smiles, found.length);
      found.push(moleculeOf(molecules, level));
    });
    // A refused text keeps its reason, which moves behind those of the columns before.
    for (const code of own)
      codes[next++] = code >= 0 ? placeOf.get(levels[code]!)! : code === -1 ? -1 : code - refused.length;
    refused.push(...reasons);
  }
  return {
    kind: 'molecular',
    key: first.key,
    codes,
    levels: [...placeOf.keys()],
    molecules: packMolecules(first.molecules.descriptorNames, found),
    refused,
  };
}
