/** A thread for molecules that hangs, crashes or leaves when told so. */
import { parentPort } from 'node:worker_threads';

const port = parentPort!;
port.on('message', ({ texts }: { texts: readonly string[] }) => {
  for (const text of texts) {
    if (text === 'hang') for (;;);
    if (text === 'crash') throw new Error('crash');
    if (text === 'exit') process.exit(3);
    port.postMessage({
      found: {
        smiles: text,
        descriptors: new Float64Array(0),
        environments: new Int32Array(0),
        counts: new Int32Array(0),
      },
    });
  }
});
port.postMessage({ isReady: true });
