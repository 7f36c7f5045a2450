import type { InputColumn } from '../models/inputs.ts';
import { describeColumn } from '../table/molecules/describeMolecules.ts';
import type { Molecule, MoleculeDescriptions } from '../table/molecules/molecule.ts';
import { createGenerator } from '../random/createGenerator.ts';

/** Molecules under test: random environments, descriptors that follow from them, and one that never differs. */
export function sampleMolecules(count: number, seed: number): Molecule[] {
  const generator = createGenerator(`molecules ${seed}`);
  return Array.from({ length: count }, (_, m): Molecule => {
    const all = Int32Array.from({ length: 14 }, (__, e) => 3 * e - 20);
    const environments = all.filter((environment) => environment === -20 || generator.uniform() < 0.4);
    const counts = environments.map(() => 1 + generator.integer(4));
    const size = counts.reduce((sum, n) => sum + n, 0);
    const first = environments.reduce((sum, environment, e) => sum + (environment < 0 ? counts[e]! : 0), 0);
    const descriptors = Float64Array.of(size, first / size - 0.5, 7);
    return { smiles: `M${String(m).padStart(3, '0')}`, descriptors, environments, counts };
  });
}

/** All that is known of some molecules, by their names. */
export function descriptionsOf(molecules: readonly Molecule[]): MoleculeDescriptions {
  const byText = new Map(molecules.map((molecule) => [molecule.smiles, molecule]));
  return { descriptorNames: ['size', 'first', 'fixed'], byText };
}

/** A molecular input under test; null is a missing cell. */
export function molecularInput(
  key: string,
  cells: readonly (string | null)[],
  molecules: readonly Molecule[],
): InputColumn {
  const levels = [...new Set(cells.filter((cell) => cell !== null))];
  const codes = Int32Array.from(cells, (cell) => (cell === null ? -1 : levels.indexOf(cell)));
  const column = describeColumn({ kind: 'categorical', key, codes, levels }, descriptionsOf(molecules));
  return { column, bounds: null, isAmount: false };
}
