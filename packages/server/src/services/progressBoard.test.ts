import { beforeEach, expect, it } from 'vitest';
import { ProgressBoard } from './progressBoard.ts';

let now: number;
let board: ProgressBoard;
const seconds = (count: number) => (now += count * 1000);

beforeEach(() => {
  now = 1_000_000;
  board = new ProgressBoard(() => now);
});

function show(isDone: readonly boolean[] = [false, false, false]): void {
  board.show(7, {
    startedAt: now,
    modelCount: 2,
    stage: 'Fitting',
    tasks: [
      { id: 'a', model: 0, target: 'hardness', estimatedSeconds: 10, isDone: isDone[0]! },
      { id: 'b', model: 1, target: 'hardness', estimatedSeconds: 30, isDone: isDone[1]! },
      { id: 'c', model: 1, target: 'gloss', estimatedSeconds: 60, isDone: isDone[2]! },
    ],
  });
}

it('knows nothing of builds that are not shown', () => {
  expect(board.progressOf(7, 'Queued')).toBeNull();
  show();
  board.takeDown(7);
  expect(board.progressOf(7, 'Queued')).toBeNull();
});

it('counts work by its estimated time and models when all their tasks are done', () => {
  show();
  expect(board.progressOf(7, 'Building Models')).toMatchObject({
    fraction: 0,
    modelsDone: 0,
    modelsTotal: 2,
  });
  board.setTask(7, 'a', 1);
  board.setTask(7, 'c', 0.5);
  seconds(20);
  const progress = board.progressOf(7, 'Building Models')!;
  expect(progress.fraction).toBeCloseTo(0.98 * 0.4);
  expect(progress).toMatchObject({ modelsDone: 1, elapsedSeconds: 20, stage: 'Fitting' });
  expect(progress.targets).toEqual([
    { target: 'hardness', fraction: 0.25 },
    { target: 'gloss', fraction: 0.5 },
  ]);
});

it('tells the time left from the speed it has seen, and not before it has seen some', () => {
  show();
  seconds(1);
  expect(board.progressOf(7, 'Building Models')!.remainingSeconds).toBeNull();
  board.setTask(7, 'a', 1);
  seconds(4);
  // 10 of 100 estimated seconds took 5: the other 90 take 45.
  expect(board.progressOf(7, 'Building Models')!.remainingSeconds).toBeCloseTo(45);
});

it('does not take work done before a restart for its own speed', () => {
  show([true, true, false]);
  expect(board.progressOf(7, 'Building Models')!.remainingSeconds).toBeNull();
  board.setTask(7, 'c', 0.5);
  seconds(15);
  expect(board.progressOf(7, 'Building Models')!.remainingSeconds).toBeCloseTo(15);
});

it('never goes backwards and ends below 1 until the build has ended', () => {
  show();
  let last = 0;
  for (const task of ['a', 'b', 'c']) {
    for (const fraction of [0.2, 0.7, 1]) {
      board.setTask(7, task, fraction);
      const progress = board.progressOf(7, 'Building Models')!;
      expect(progress.fraction).toBeGreaterThan(last);
      last = progress.fraction;
    }
  }
  expect(last).toBeLessThan(1);
});

it('tells followers of a session, until they leave', () => {
  const heard: string[] = [];
  const leave = board.follow(1, (event) => heard.push(event.type));
  board.follow(2, () => heard.push('of another session'));
  board.tell(1, { type: 'progress' });
  board.tell(null, { type: 'progress' });
  leave();
  board.tell(1, { type: 'end', state: 'Complete' });
  expect(heard).toEqual(['progress']);
});
