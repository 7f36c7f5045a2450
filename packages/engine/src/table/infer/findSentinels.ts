import type { Warning } from '@athanor/schema';
import type { ColumnFacts } from './columnFacts.ts';

/** Numbers that programs and people write for "no value". */
const sentinels = new Set([
  -1, -9, -99, -999, -9999, -99_999, 99, 999, 9999, 99_999, 999_999, 1e30, 1e36, -1e30, -1e36,
]);

/** Warns of such numbers where they stand alone, far from all others; they are never removed. */
export function findSentinels(facts: ColumnFacts): Warning[] {
  const { values, range } = facts;
  if (values === null || range === null || facts.typed.isDate) return [];
  const warnings: Warning[] = [];
  for (const end of [range.min, range.max]) {
    if (!sentinels.has(end) || facts.distinctCount < 3) continue;
    let low = Infinity;
    let high = -Infinity;
    const rows: number[] = [];
    let count = 0;
    for (const [i, value] of values.entries()) {
      if (Number.isNaN(value)) continue;
      if (value === end) {
        count++;
        if (rows.length < 5) rows.push(i + 1);
        continue;
      }
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    // A small one such as -1 must have the wrong sign; all must lie outside the rest by more than its width.
    const gap = end === range.min ? low - end : end - high;
    const isFar =
      gap > high - low &&
      (Math.abs(end) >= 99 || (low >= 0 && end < 0 && Number.isInteger(end) && high > 10));
    if (!isFar) continue;
    warnings.push({
      code: 'sentinel_values',
      message: `${count} cells of "${facts.key}" are ${end}, far from all others (${low} to ${high}); if that means "no value", leave them empty.`,
      column: facts.key,
      rows,
      count,
    });
  }
  return warnings;
}
