/** A compute thread that does what the name of the file says it should read. Started by computeThread.test.ts. */
import { parentPort, threadId } from 'node:worker_threads';
import type { QuestionMessage } from '../../packages/server/src/compute/computeThread.ts';

parentPort!.on('message', ({ id, question }: QuestionMessage) => {
  const { fileName } = (question as { source: { fileName: string } }).source;
  switch (fileName) {
    case 'loop':
      for (;;);
    case 'exhaust': {
      const hoard: number[][] = [];
      for (;;) hoard.push(Array.from({ length: 100_000 }, () => Math.random()));
    }
    case 'throw':
      throw new RangeError('index 7 of 5');
    case 'fail':
      parentPort!.postMessage({ id, failure: 'a bug' });
      break;
    default:
      parentPort!.postMessage({ id, answer: { rowCount: threadId, variables: [] } });
  }
});
