/** Atoms in brackets, two-letter atoms, one-letter atoms. */
const atom = /\[[^\]]*\]|Cl|Br|[BCNOPSFIbcnops*]/g;

/** Atoms that a SMILES writes down, without reading it: an upper bound good enough to refuse giants. */
export function countHeavyAtoms(smiles: string): number {
  return smiles.match(atom)?.length ?? 0;
}
