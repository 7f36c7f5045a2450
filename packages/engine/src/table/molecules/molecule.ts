/** A molecule as models see it. Whoever reads its SMILES makes this; the engine knows no chemistry of its own. */
export interface Molecule {
  /** Canonical SMILES: equal for equal molecules. */
  readonly smiles: string;
  /** In the order of the names that come with them; finite [p]. */
  readonly descriptors: Float64Array;
  /** Identifiers of its atom environments, ascending and distinct [e]. */
  readonly environments: Int32Array;
  /** How often each occurs, at least once [e]. */
  readonly counts: Int32Array;
}

/** Why a text is no molecule that models can use. */
export interface MoleculeRefusal {
  /** A clause, e.g. `it has 512 atoms, more than 400`. */
  readonly reason: string;
}

/** What is known of the texts in the molecular cells of a table or a request. */
export interface MoleculeDescriptions {
  readonly descriptorNames: readonly string[];
  /** By the text of the cell. */
  readonly byText: ReadonlyMap<string, Molecule | MoleculeRefusal>;
}
