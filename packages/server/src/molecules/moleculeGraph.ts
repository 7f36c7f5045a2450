/** An atom of a molecule without its hydrogens. */
export interface GraphAtom {
  readonly atomicNumber: number;
  readonly charge: number;
  readonly hydrogenCount: number;
  readonly isAromatic: boolean;
  readonly isInRing: boolean;
}

export interface GraphBond {
  /** Indices of its two atoms. */
  readonly atoms: readonly [number, number];
  /** RDKit's number of the bond's kind: 1, 2, 3 for its order, 12 for an aromatic one. */
  readonly kind: number;
}

/** A molecule as atoms and bonds, hydrogens counted at their atoms. */
export interface MoleculeGraph {
  readonly atoms: readonly GraphAtom[];
  readonly bonds: readonly GraphBond[];
}
