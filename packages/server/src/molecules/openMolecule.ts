import type { MoleculeRefusal } from '@athanor/engine';
import { countHeavyAtoms } from './countHeavyAtoms.ts';
import type { Rdkit, RdkitMolecule } from './rdkit.ts';

/** Beyond this RDKit's WebAssembly build becomes unsafe: from 700 atoms on some calls never return. */
export const maxAtoms = 400;

/** Reads a SMILES and works on the molecule, whose memory is given back after that. */
export function openMolecule<T>(
  rdkit: Rdkit,
  smiles: string,
  work: (molecule: RdkitMolecule) => T,
): T | MoleculeRefusal {
  const text = smiles.trim();
  if (text === '') return { reason: 'it is empty' };
  const atomCount = countHeavyAtoms(text);
  if (atomCount > maxAtoms) return { reason: `it has ${atomCount} atoms, more than ${maxAtoms}` };
  rdkit.complaints.clear_buffer();
  const molecule = rdkit.get_mol(text);
  if (molecule === null) return { reason: explain(rdkit.complaints.get_buffer()) };
  try {
    return work(molecule);
  } finally {
    molecule.delete();
  }
}

/** RDKit's first complaint without its time stamp. */
function explain(log: string): string {
  const [line] = log.split('\n').filter((text) => text.trim() !== '');
  const complaint = line?.replace(/^\[[\d:]+\]\s*/, '').replace(/^SMILES Parse Error: /, '');
  return complaint === undefined
    ? 'it is not valid SMILES'
    : `RDKit says ${JSON.stringify(complaint.slice(0, 200))}`;
}
