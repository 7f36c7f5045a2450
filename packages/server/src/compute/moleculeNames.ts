import type { MoleculeDescriptions, Table } from '@athanor/engine';
import type { InputRow } from '@athanor/schema';
import { type PartOfSpace, renameRow, renameSpace } from './renameSpace.ts';

/** What users write as text in a search space and in rows, by column. */
export type TextsByColumn = Readonly<Record<string, readonly string[]>>;

/** The texts of a space and of rows: whoever reads molecules must know those of molecular columns. */
export function textsOf(space: PartOfSpace | null, rows: readonly InputRow[]): TextsByColumn {
  const texts = new Map<string, Set<string>>();
  const note = (key: string, text: string): string => {
    texts.set(key, (texts.get(key) ?? new Set()).add(text));
    return text;
  };
  if (space !== null) renameSpace(space, note);
  for (const row of rows) renameRow(row, note);
  return Object.fromEntries([...texts].map(([key, set]) => [key, [...set]]));
}

/** How a described table names the molecules of its columns: by their canonical SMILES; all other texts stay. */
export function moleculeNames(
  table: Table,
  { byText }: MoleculeDescriptions,
): (key: string, text: string) => string {
  const keys = new Set(table.columns.flatMap(({ kind, key }) => (kind === 'molecular' ? [key] : [])));
  return (key, text) => {
    const found = keys.has(key) ? byText.get(text) : undefined;
    return found !== undefined && 'smiles' in found ? found.smiles : text;
  };
}
