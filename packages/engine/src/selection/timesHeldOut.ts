import type { HeldOutFold } from './heldOutFold.ts';

/** In how many folds each row is held out [n]. */
export function timesHeldOut(folds: readonly Pick<HeldOutFold, 'rows'>[], n: number): Int32Array {
  const times = new Int32Array(n);
  for (const { rows } of folds) for (const i of rows) times[i]!++;
  return times;
}
