import type { SearchSpace } from '@athanor/schema';
import type { Column } from '../table/column.ts';
import type { Molecule, MoleculeDescriptions } from '../table/molecules/molecule.ts';
import { appendMolecules } from '../table/molecules/moleculeSet.ts';

/**
 * The column with the molecules that a search space offers and no row has, so that models can be asked about them: as
 * further levels, behind those of the rows.
 *
 * @param space names molecules by their canonical SMILES
 * @param descriptions of any texts; null when nobody read any. Molecules that are not among them stay unknown.
 */
export function knowMolecules<C extends Column>(
  column: C,
  space: SearchSpace,
  descriptions: MoleculeDescriptions | null,
): C;
export function knowMolecules(
  column: Column,
  space: SearchSpace,
  descriptions: MoleculeDescriptions | null,
): Column {
  const variable = space.variables.find(({ key }) => key === column.key);
  if (column.kind !== 'molecular' || variable?.kind !== 'category' || descriptions === null) return column;
  const { levels, molecules } = column;
  const known = new Map<string, Molecule>();
  for (const found of descriptions.byText.values()) if ('smiles' in found) known.set(found.smiles, found);
  const seen = new Set(levels);
  const more = variable.levels.flatMap((smiles) => (seen.has(smiles) ? [] : (known.get(smiles) ?? [])));
  if (more.length === 0) return column;
  const all = [...levels, ...more.map(({ smiles }) => smiles)];
  const { descriptorNames, descriptors, fingerprints } = molecules;
  return {
    ...column,
    levels: all,
    molecules: {
      smiles: all,
      descriptorNames,
      descriptors: Float64Array.from([...descriptors, ...more.flatMap((one) => [...one.descriptors])]),
      fingerprints: appendMolecules(fingerprints, more),
    },
  };
}
