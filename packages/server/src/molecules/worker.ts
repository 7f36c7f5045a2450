/** The thread with RDKit in it. Started by MoleculeReader, which ends it when it hangs. */
import { parentPort } from 'node:worker_threads';
import type { Molecule } from '@athanor/engine';
import { describeMolecule } from './describeMolecule.ts';
import type {
  DescribedMessage,
  DescribeMessage,
  DrawMessage,
  DrawnMessage,
  ReadyMessage,
} from './describeMessage.ts';
import { drawMolecule } from './drawMolecule.ts';
import { loadRdkit } from './rdkit.ts';

/** Molecules described, by canonical SMILES; some 2 kB each. */
const known = new Map<string, Molecule>();
const maxKnown = 10_000;

const port = parentPort!;
const rdkit = await loadRdkit();
port.on('message', (question: DescribeMessage | DrawMessage) => {
  if ('smiles' in question) {
    port.postMessage({ found: drawMolecule(rdkit, question) } satisfies DrawnMessage);
    return;
  }
  for (const text of question.texts) {
    const found = describeMolecule(rdkit, text, known);
    if ('smiles' in found && known.size < maxKnown) known.set(found.smiles, found);
    const message: DescribedMessage = { found };
    port.postMessage(message);
  }
});
const ready: ReadyMessage = { isReady: true };
port.postMessage(ready);
