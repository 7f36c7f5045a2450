import type { Intervals } from './compiledSpace.ts';

/** The parts of lower .. upper that the intervals, sorted and apart, leave out. */
export function complementOf(intervals: Intervals, lower: number, upper: number): Intervals {
  const gaps: [number, number][] = [];
  let next = lower;
  for (const [first, last] of intervals) {
    if (first > next) gaps.push([next, first - 1]);
    next = Math.max(next, last + 1);
  }
  if (next <= upper) gaps.push([next, upper]);
  return gaps;
}

/** Intervals of the indices in lower .. upper that pass; for lists. */
export function intervalsOf(lower: number, upper: number, passes: (n: number) => boolean): Intervals {
  const found: [number, number][] = [];
  for (let n = lower; n <= upper; n++) {
    if (!passes(n)) continue;
    const last = found.at(-1);
    if (last !== undefined && last[1] === n - 1) last[1] = n;
    else found.push([n, n]);
  }
  return found;
}

export function isWithin(intervals: Intervals, n: number): boolean {
  for (const [first, last] of intervals) if (n >= first && n <= last) return true;
  return false;
}
