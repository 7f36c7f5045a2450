import { afterEach, expect, it } from 'vitest';
import { FaultRun, isFaultless } from '../faults/faultRun.ts';

let run: FaultRun;
afterEach(() => run.abandon());

/** The whole run is `npm run test:faults`. */
it('faults F1, F2 and F4: kills of the server and of job processes lose nothing and change no result', async () => {
  run = new FaultRun(5, 60);
  await run.prepare();
  for (let i = 0; i < 2; i++) await run.killServer();
  for (let i = 0; run.figures.child_kills < 2 && i < 10; i++) await run.killChild();
  for (const point of ['task.stored', 'artifact.stored', 'transaction.beforeCommit:2'])
    await run.crashAt(point);
  await run.storm();
  await run.storm('insight.stored');
  const figures = await run.end();
  expect(figures).toMatchObject({ server_kills: 2, child_kills: 2, crash_points: 3, storms: 2 });
  expect(
    run.lines
      .map((line) => line.outcome)
      .filter((outcome) => !/equal|no session was|all there/.test(outcome)),
  ).toEqual([]);
  expect(isFaultless(figures), JSON.stringify(figures)).toBe(true);
  // Some fifteen builds one after the other: minutes on a busy machine.
}, 600_000);
