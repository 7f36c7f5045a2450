import type { Applicability } from '@athanor/schema';
import type { Inputs } from '../models/inputs.ts';
import { distanceScale, nearestRows } from './nearestRows.ts';

/** Neighbours whose mean distance counts. */
const neighbours = 3;
/** Share of a range outside it that is still extrapolation by a hair. */
const rangeMargin = 0.1;
/** An ingredient used in fewer rows than this is hardly known. */
const fewUses = 3;

/**
 * How far rows are from the measured ones: the mean distance to the three nearest against the same among the measured
 * rows themselves (95 % of them), and flags for what was never seen: values outside the range, new levels, ingredients
 * hardly used, pairs of ingredients that never met.
 */
export function applicabilityJudge(observed: Inputs): (candidates: Inputs) => Applicability[] {
  const scale = distanceScale(observed);
  const meanDistance = (X: typeof scale.measured, i: number, skip: number): number => {
    const near = nearestRows(scale.measured, X, i, neighbours, skip);
    return near.reduce((sum, { distance }) => sum + distance / near.length, 0);
  };
  const among = Float64Array.from({ length: observed.rowCount }, (_, i) =>
    meanDistance(scale.measured, i, i),
  ).sort();
  const usual = among[Math.min(among.length - 1, Math.floor(0.95 * among.length))] || 1;
  return (candidates) => {
    const X = scale.encode(candidates);
    return flagRows(observed, candidates).map((reasons, i): Applicability => {
      const far = meanDistance(X, i, -1) / usual;
      let score = 1 - Math.min(1, Math.max(0, (far - 0.8) / 1.2));
      if (far > 1)
        reasons.unshift(
          `${far.toFixed(1)} times as far from the nearest experiments as they usually are from each other`,
        );
      if (reasons.some((reason) => reason.startsWith('!'))) score = Math.min(score, 0.29);
      else if (reasons.length > 0) score = Math.min(score, 0.69);
      return {
        score,
        class: score >= 0.7 ? 'inside' : score >= 0.3 ? 'edge' : 'outside',
        reasons: reasons.map((reason) => reason.replace(/^!/, '')),
      };
    });
  };
}

/** Reasons of each row; those with an exclamation mark put it outside. */
function flagRows(observed: Inputs, candidates: Inputs): string[][] {
  const reasons: string[][] = Array.from({ length: candidates.rowCount }, () => []);
  const amounts: { key: string; seen: Float64Array; proposed: Float64Array }[] = [];
  candidates.columns.forEach(({ column, isAmount }, j) => {
    const seen = observed.columns[j]!.column;
    if (column.kind !== 'numeric') {
      if (seen.kind === 'numeric') return;
      const known = new Set(Array.from(seen.codes, (code) => seen.levels[code]));
      column.codes.forEach((code, i) => {
        const level = column.levels[code];
        if (level !== undefined && !known.has(level)) reasons[i]!.push(`!${column.key} was never ${level}`);
      });
      return;
    }
    if (seen.kind !== 'numeric') return;
    let low = Infinity;
    let high = -Infinity;
    for (const value of seen.values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const margin = rangeMargin * (high - low);
    column.values.forEach((value, i) => {
      if (value < low - margin || value > high + margin)
        reasons[i]!.push(`!${column.key} is ${value}, seen were ${low} to ${high}`);
    });
    if (isAmount) amounts.push({ key: column.key, seen: seen.values, proposed: column.values });
  });
  flagAmounts(amounts, reasons);
  return reasons;
}

function flagAmounts(
  amounts: readonly { key: string; seen: Float64Array; proposed: Float64Array }[],
  reasons: string[][],
): void {
  const uses = amounts.map(({ seen }) => seen.filter((value) => value > 0).length);
  const met = amounts.map(({ seen }, a) =>
    amounts.map(({ seen: other }, b) => a < b && seen.some((value, row) => value > 0 && other[row]! > 0)),
  );
  reasons.forEach((list, i) => {
    const used = amounts.flatMap(({ proposed }, a) => (proposed[i]! > 0 ? [a] : []));
    for (const a of used)
      if (uses[a]! < fewUses) list.push(`${amounts[a]!.key} was used in ${uses[a]} experiments only`);
    const strangers: string[] = [];
    used.forEach((a, p) => {
      for (const b of used.slice(p + 1))
        if (!met[a]![b]!) strangers.push(`${amounts[a]!.key} with ${amounts[b]!.key}`);
    });
    if (strangers.length > 0) list.push(`never tried together: ${strangers.slice(0, 3).join(', ')}`);
  });
}
