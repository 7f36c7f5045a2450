import type { Molecule, MoleculeRefusal } from '@athanor/engine';
import { countEnvironments } from './countEnvironments.ts';
import { describeGraph, graphDescriptors } from './describeGraph.ts';
import { openMolecule } from './openMolecule.ts';
import type { Rdkit, RdkitMolecule } from './rdkit.ts';
import { readMoleculeGraph } from './readMoleculeGraph.ts';

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
  return openMolecule(rdkit, smiles, (molecule) => {
    const canonical = molecule.get_smiles();
    return known.get(canonical) ?? measure(molecule, canonical);
  });
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
