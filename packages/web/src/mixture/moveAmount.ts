import { shareRest } from './shareRest.ts';

export interface MixtureBounds {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** What all components add up to. */
  readonly total: number;
}

/**
 * A mixture with component `index` at `wanted`, or as near to it as the bounds allow; components in `held` stay, the
 * others keep their proportions (Cox direction).
 */
export function moveAmount(
  amounts: readonly number[],
  index: number,
  wanted: number,
  { lower, upper, total }: MixtureBounds,
  held: ReadonlySet<number> = new Set(),
): number[] {
  const free = amounts.flatMap((_, i) => (i === index || held.has(i) ? [] : [i]));
  const fixed = amounts.reduce((sum, value, i) => sum + (held.has(i) && i !== index ? value : 0), 0);
  const room = total - fixed;
  const least = free.reduce((sum, i) => sum + lower[i]!, 0);
  const most = free.reduce((sum, i) => sum + upper[i]!, 0);
  const value = Math.min(
    Math.max(wanted, lower[index]!, room - most),
    Math.max(Math.min(upper[index]!, room - least), lower[index]!),
  );
  const shared = shareRest(
    free.map((i) => amounts[i]!),
    room - value,
    free.map((i) => lower[i]!),
    free.map((i) => upper[i]!),
  );
  const next = [...amounts];
  next[index] = value;
  free.forEach((i, k) => (next[i] = shared[k]!));
  return next;
}
