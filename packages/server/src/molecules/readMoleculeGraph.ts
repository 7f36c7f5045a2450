import type { MoleculeGraph } from './moleculeGraph.ts';

/** What RDKit writes of a molecule; fields equal to the defaults are left out. */
interface CommonMoleculeJson {
  readonly defaults: { readonly atom: AtomJson; readonly bond: { readonly bo: number } };
  readonly molecules: readonly [
    {
      readonly atoms: readonly Partial<AtomJson>[];
      readonly bonds?: readonly { readonly atoms: readonly [number, number]; readonly bo?: number }[];
      readonly extensions?: readonly {
        readonly name: string;
        readonly aromaticAtoms?: readonly number[];
        readonly aromaticBonds?: readonly number[];
        readonly atomRings?: readonly (readonly number[])[];
      }[];
    },
  ];
}

interface AtomJson {
  readonly z: number;
  readonly impHs: number;
  readonly chg: number;
}

/** RDKit's number for an aromatic bond. */
const aromaticBond = 12;

/** The graph in RDKit's JSON of one molecule (`get_json`). */
export function readMoleculeGraph(json: string): MoleculeGraph {
  const { defaults, molecules } = JSON.parse(json) as CommonMoleculeJson;
  const [{ atoms, bonds = [], extensions = [] }] = molecules;
  const perception = extensions.find(({ name }) => name === 'rdkitRepresentation');
  const aromaticAtoms = new Set(perception?.aromaticAtoms);
  const aromaticBonds = new Set(perception?.aromaticBonds);
  const ringAtoms = new Set(perception?.atomRings?.flat());
  return {
    atoms: atoms.map((atom, i) => {
      const { z, impHs, chg } = { ...defaults.atom, ...atom };
      return {
        atomicNumber: z,
        charge: chg,
        hydrogenCount: impHs,
        isAromatic: aromaticAtoms.has(i),
        isInRing: ringAtoms.has(i),
      };
    }),
    bonds: bonds.map((bond, i) => ({
      atoms: bond.atoms,
      kind: aromaticBonds.has(i) ? aromaticBond : (bond.bo ?? defaults.bond.bo),
    })),
  };
}
