import type { GraphAtom, MoleculeGraph } from './moleculeGraph.ts';

/** Elements that are counted, by atomic number. */
const elements = {
  nitrogenCount: 7,
  oxygenCount: 8,
  fluorineCount: 9,
  phosphorusCount: 15,
  sulfurCount: 16,
  chlorineCount: 17,
  bromineCount: 35,
  iodineCount: 53,
  siliconCount: 14,
  boronCount: 5,
} as const satisfies { readonly [name: string]: number };

/** Names of what `describeGraph` gives, in order. */
export const graphDescriptors: readonly string[] = [
  ...Object.keys(elements),
  'aromaticShare',
  'ringShare',
  'positiveCount',
  'negativeCount',
  'doubleBondCount',
  'tripleBondCount',
];

/** Descriptors that follow from atoms and bonds alone. The molecule has an atom at least. */
export function describeGraph({ atoms, bonds }: MoleculeGraph): number[] {
  const countAtoms = (test: (atom: GraphAtom) => boolean): number => atoms.filter(test).length;
  return [
    ...Object.values(elements).map((atomicNumber) =>
      countAtoms((atom) => atom.atomicNumber === atomicNumber),
    ),
    countAtoms((atom) => atom.isAromatic) / atoms.length,
    countAtoms((atom) => atom.isInRing) / atoms.length,
    countAtoms((atom) => atom.charge > 0),
    countAtoms((atom) => atom.charge < 0),
    bonds.filter(({ kind }) => kind === 2).length,
    bonds.filter(({ kind }) => kind === 3).length,
  ];
}
