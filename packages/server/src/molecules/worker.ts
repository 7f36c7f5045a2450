/** The thread with RDKit in it. Started by MoleculeReader, which ends it when it hangs. */
import { parentPort } from 'node:worker_threads';
import type { Molecule } from '@athanor/engine';
import { describeMolecule } from './describeMolecule.ts';
import type { DescribedMessage, DescribeMessage, ReadyMessage } from './describeMessage.ts';
import { loadRdkit } from './rdkit.ts';

/** Molecules described, by canonical SMILES; some 2 kB each. */
const known = new Map<string, Molecule>();
const maxKnown = 10_000;

const port = parentPort!;
const rdkit = await loadRdkit();
port.on('message', ({ texts }: DescribeMessage) => {
  for (const text of texts) {
    const found = describeMolecule(rdkit, text, known);
    if ('smiles' in found && known.size < maxKnown) known.set(found.smiles, found);
    const message: DescribedMessage = { found };
    port.postMessage(message);
  }
});
const ready: ReadyMessage = { isReady: true };
port.postMessage(ready);
