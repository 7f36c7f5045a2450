import type { Molecule, MoleculeRefusal } from '@athanor/engine';
import { countEnvironments } from './countEnvironments.ts';
import { countHeavyAtoms } from './countHeavyAtoms.ts';
import { describeGraph, graphDescriptors } from './describeGraph.ts';
import type { Rdkit, RdkitMolecule } from './rdkit.ts';
import { readMoleculeGraph } from './readMoleculeGraph.ts';

/** Beyond this RDKit's WebAssembly build becomes unsafe: from 700 atoms on some calls never return. */
export const maxAtoms = 400;

/**
 * Descriptors that RDKit computes, by its names: size, polarity, lipophilicity and refractivity (Crippen), flexibility,
 * rings, surface, connectivity and shape. Of those that say the same (two masses, two counts of acceptors,
 * connectivity with and without valence) one is taken.
 */
const rdkitDescriptors = [
  'amw',
  'NumHeavyAtoms',
  'NumHeteroatoms',
  'NumHBD',
  'NumHBA',
  'NumRotatableBonds',
  'NumAmideBonds',
  'FractionCSP3',
  'NumRings',
  'NumAromaticRings',
  'NumAliphaticRings',
  'NumHeterocycles',
  'NumAromaticHeterocycles',
  'NumSpiroAtoms',
  'NumBridgeheadAtoms',
  'NumAtomStereoCenters',
  'labuteASA',
  'tpsa',
  'CrippenClogP',
  'CrippenMR',
  'chi0v',
  'chi1v',
  'chi2v',
  'chi3v',
  'chi4v',
  'hallKierAlpha',
  'kappa1',
  'kappa2',
  'kappa3',
  'Phi',
] as const;

/** Names of a molecule's descriptors, in order [p]. */
export const descriptorNames: readonly string[] = [...rdkitDescriptors, ...graphDescriptors];

/** Reads a SMILES. Molecules whose canonical SMILES is in `known` are not described again. */
export function describeMolecule(
  rdkit: Rdkit,
  smiles: string,
  known: ReadonlyMap<string, Molecule>,
): Molecule | MoleculeRefusal {
  const text = smiles.trim();
  if (text === '') return { reason: 'it is empty' };
  const atomCount = countHeavyAtoms(text);
  if (atomCount > maxAtoms) return { reason: `it has ${atomCount} atoms, more than ${maxAtoms}` };
  rdkit.complaints.clear_buffer();
  const molecule = rdkit.get_mol(text);
  if (molecule === null) return { reason: explain(rdkit.complaints.get_buffer()) };
  try {
    const canonical = molecule.get_smiles();
    return known.get(canonical) ?? measure(molecule, canonical);
  } finally {
    molecule.delete();
  }
}

function measure(molecule: RdkitMolecule, smiles: string): Molecule | MoleculeRefusal {
  const graph = readMoleculeGraph(molecule.get_json());
  if (graph.atoms.length === 0) return { reason: 'it has no atoms' };
  if (graph.atoms.some(({ atomicNumber }) => atomicNumber === 0))
    return { reason: 'it has an atom of no element (*), as parts of molecules and polymers do' };
  const values = JSON.parse(molecule.get_descriptors()) as { readonly [name: string]: number | null };
  const numbers = [...rdkitDescriptors.map((name) => values[name]), ...describeGraph(graph)];
  const missing = numbers.findIndex((value) => typeof value !== 'number' || !Number.isFinite(value));
  if (missing >= 0) return { reason: `it has no ${descriptorNames[missing]}` };
  return { smiles, descriptors: Float64Array.from(numbers as number[]), ...countEnvironments(graph) };
}

/** RDKit's first complaint without its time stamp. */
function explain(log: string): string {
  const [line] = log.split('\n').filter((text) => text.trim() !== '');
  const complaint = line?.replace(/^\[[\d:]+\]\s*/, '').replace(/^SMILES Parse Error: /, '');
  return complaint === undefined
    ? 'it is not valid SMILES'
    : `RDKit says ${JSON.stringify(complaint.slice(0, 200))}`;
}
