import type { Molecule, MoleculeRefusal } from '@athanor/engine';

/** Texts for the thread to read, in order. */
export interface DescribeMessage {
  readonly texts: readonly string[];
}

/** A molecule for the thread to draw. */
export interface DrawMessage {
  readonly smiles: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** The thread has loaded RDKit. */
export interface ReadyMessage {
  readonly isReady: true;
}

/** What the thread found for the next text; one message a text, so that a silence tells which text it hangs on. */
export interface DescribedMessage {
  readonly found: Molecule | MoleculeRefusal;
}

/** A drawing as SVG, or why there is none. */
export type Drawing = { readonly svg: string } | MoleculeRefusal;

export interface DrawnMessage {
  readonly found: Drawing;
}
