import type { MoleculeRefusal } from './molecules/molecule.ts';
import type { MoleculeSet } from './molecules/moleculeSet.ts';

/** Numbers; NaN is a missing cell, infinities do not occur. */
export interface NumericColumn {
  readonly kind: 'numeric';
  readonly key: string;
  /** [n] */
  readonly values: Float64Array;
}

/** Named levels: categories, booleans, and molecules of which no more is known than their text. */
export interface CategoricalColumn {
  readonly kind: 'categorical';
  readonly key: string;
  /** Index into `levels`, -1 for a missing cell [n]. */
  readonly codes: Int32Array;
  /** Distinct values in order of first appearance. */
  readonly levels: readonly string[];
}

/** Molecules, once somebody has read their SMILES. */
export interface MolecularColumn {
  readonly kind: 'molecular';
  readonly key: string;
  /** Index into `levels`, -1 for a missing cell; -2 - r for a text that is no molecule, for reason r [n]. */
  readonly codes: Int32Array;
  /** Canonical SMILES, distinct. */
  readonly levels: readonly string[];
  /** What is known of each level, in the same order. */
  readonly molecules: MoleculeSet;
  /** Texts that are no molecules, and why. */
  readonly refused: readonly (MoleculeRefusal & { readonly text: string })[];
}

export type Column = NumericColumn | CategoricalColumn | MolecularColumn;

/** The cells of `rows`, in that order. Levels are kept, so codes stay comparable. */
export function takeRows<C extends Column>(column: C, rows: Int32Array): C;
export function takeRows(column: Column, rows: Int32Array): Column {
  if (column.kind === 'numeric') {
    const values = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) values[i] = column.values[rows[i]!]!;
    return { ...column, values };
  }
  const codes = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) codes[i] = column.codes[rows[i]!]!;
  return { ...column, codes };
}
