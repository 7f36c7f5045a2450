import type { SearchSpace } from '@athanor/schema';
import { expect, it } from 'vitest';
import type { MolecularColumn } from '../table/column.ts';
import type { Molecule, MoleculeDescriptions } from '../table/molecules/molecule.ts';
import { moleculeOf, packMolecules } from '../table/molecules/moleculeSet.ts';
import { knowMolecules } from './knowMolecules.ts';

const molecule = (smiles: string, size: number): Molecule => ({
  smiles,
  descriptors: Float64Array.of(size, size * size),
  environments: Int32Array.of(3, 10 + size),
  counts: Int32Array.of(1, size),
});
const [ethanol, butanol, pentanol] = [molecule('CCO', 2), molecule('CCCCO', 4), molecule('CCCCCO', 5)];
const column: MolecularColumn = {
  kind: 'molecular',
  key: 'solvent',
  codes: Int32Array.of(1, 0, -1),
  levels: ['CCO', 'CCCCO'],
  molecules: packMolecules(['size', 'square'], [ethanol!, butanol!]),
  refused: [],
};
const spaceOf = (levels: string[]): SearchSpace => ({
  variables: [{ kind: 'category', key: 'solvent', levels }],
  constraints: [],
});
const descriptions: MoleculeDescriptions = {
  descriptorNames: ['size', 'square'],
  byText: new Map<string, Molecule | { reason: string }>([
    ['OCC', ethanol!],
    ['OCCCCC', pentanol!],
    ['what', { reason: 'no molecule' }],
  ]),
};

it('puts the molecules that only the space has behind those of the rows, described', () => {
  const known = knowMolecules(column, spaceOf(['CCO', 'CCCCCO']), descriptions);
  expect(known.codes).toEqual(column.codes);
  expect(known.levels).toEqual(['CCO', 'CCCCO', 'CCCCCO']);
  expect(known.molecules.smiles).toEqual(known.levels);
  expect([0, 1, 2].map((m) => moleculeOf(known.molecules, m))).toEqual([ethanol, butanol, pentanol]);
});

it('leaves a column alone that misses nothing, that the space does not have, or of which nobody read more', () => {
  expect(knowMolecules(column, spaceOf(['CCO']), descriptions)).toBe(column);
  expect(knowMolecules(column, spaceOf(['what']), descriptions)).toBe(column);
  expect(knowMolecules(column, { variables: [], constraints: [] }, descriptions)).toBe(column);
  expect(knowMolecules(column, spaceOf(['CCCCCO']), null)).toBe(column);
});
