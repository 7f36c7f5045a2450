import type { Molecule, MoleculeRefusal } from '@athanor/engine';

/** Texts for the thread to read, in order. */
export interface DescribeMessage {
  readonly texts: readonly string[];
}

/** The thread has loaded RDKit. */
export interface ReadyMessage {
  readonly isReady: true;
}

/** What the thread found for the next text; one message a text, so that a silence tells which text it hangs on. */
export interface DescribedMessage {
  readonly found: Molecule | MoleculeRefusal;
}
