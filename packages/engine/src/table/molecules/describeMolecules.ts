import { EngineError } from '../../engineError.ts';
import type { CategoricalColumn, Column, MolecularColumn } from '../column.ts';
import type { Table } from '../table.ts';
import type { Molecule, MoleculeDescriptions } from './molecule.ts';
import { packMolecules } from './moleculeSet.ts';

/** The distinct texts in inputs of molecules: what `describeMolecules` needs to know. */
export function moleculeTexts(table: Table): string[] {
  return [
    ...new Set(table.columns.flatMap((column, j) => (isUndescribed(table, j, column) ? column.levels : []))),
  ];
}

/** The table with its inputs of molecules described. Texts that are no molecules are marked in their column. */
export function describeMolecules(table: Table, descriptions: MoleculeDescriptions): Table {
  return {
    ...table,
    columns: table.columns.map((column, j) =>
      isUndescribed(table, j, column) ? describeColumn(column, descriptions) : column,
    ),
  };
}

function isUndescribed({ variables }: Table, j: number, column: Column): column is CategoricalColumn {
  const { dataType, role } = variables[j]!;
  return column.kind === 'categorical' && dataType === 'molecular' && role === 'input';
}

/**
 * A column of texts as one of molecules; texts of the same molecule become one level.
 * @throws EngineError with code CELL_INVALID for a text that `descriptions` does not speak of
 */
export function describeColumn(
  { key, codes, levels }: CategoricalColumn,
  { descriptorNames, byText }: MoleculeDescriptions,
): MolecularColumn {
  const molecules: Molecule[] = [];
  const levelOf = new Map<string, number>();
  const refused: MolecularColumn['refused'][number][] = [];
  const newCodes = levels.map((text) => {
    const found = byText.get(text);
    if (found === undefined)
      throw new EngineError('CELL_INVALID', `nobody has read the molecule ${text} of ${key}`, {
        column: key,
        value: text,
      });
    if ('reason' in found) return -1 - refused.push({ text, reason: found.reason });
    let level = levelOf.get(found.smiles);
    if (level === undefined) {
      level = molecules.push(found) - 1;
      levelOf.set(found.smiles, level);
    }
    return level;
  });
  return {
    kind: 'molecular',
    key,
    codes: codes.map((code) => (code < 0 ? -1 : newCodes[code]!)),
    levels: molecules.map(({ smiles }) => smiles),
    molecules: packMolecules(descriptorNames, molecules),
    refused,
  };
}
