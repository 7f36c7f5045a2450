/** What a campaign over a pool came to. */
import { hypervolume } from '../../packages/engine/src/acquisition/hypervolume.ts';
import type { Pool } from './pools.ts';

export interface Outcome {
  /** Best value by then, greater is better [budget]. */
  readonly best: readonly number[];
  /** Share of the best twentieth found after 20 over that of chance. */
  readonly enhancement: number;
  /** Experiments until half of the best twentieth; the budget and one when it is not reached. */
  readonly half: number;
  /** Experiments until 99 % of the way from the middle of the pool to its best; likewise. */
  readonly to99: number;
}

const topShare = 0.05;

/** Of a campaign over one target. */
export function judgeCampaign(pool: Pool, order: readonly number[]): Outcome {
  const sign = pool.goals[0] === 'maximize' ? 1 : -1;
  const y = pool.targets[0]!.map((value) => sign * value);
  const sorted = y.slice().sort();
  const N = y.length;
  const top = Math.ceil(topShare * N);
  const threshold = sorted[N - top]!;
  const goal = sorted[N >> 1]! + 0.99 * (sorted[N - 1]! - sorted[N >> 1]!);
  const best: number[] = [];
  let hits = 0;
  let hitsAt20 = 0;
  let half = order.length + 1;
  let to99 = order.length + 1;
  order.forEach((row, i) => {
    best.push(Math.max(best.at(-1) ?? -Infinity, y[row]!));
    if (y[row]! >= threshold) hits++;
    if (i < 20) hitsAt20 = hits;
    if (hits >= top / 2) half = Math.min(half, i + 1);
    if (y[row]! >= goal) to99 = Math.min(to99, i + 1);
  });
  return { best, enhancement: hitsAt20 / top / (20 / N), half, to99 };
}

/** Hypervolume of a campaign over several targets, all scaled to the range of the pool. */
export function volumeOf(pool: Pool, order: readonly number[]): number {
  const scaled = pool.targets.map((y, t) => {
    const low = y.reduce((a, b) => Math.min(a, b));
    const high = y.reduce((a, b) => Math.max(a, b));
    return y.map((value) => (pool.goals[t] === 'maximize' ? value - low : high - value) / (high - low));
  });
  const points = Array.from(order, (row) => Float64Array.from(scaled, (y) => y[row]!));
  return hypervolume(points, new Float64Array(scaled.length));
}
