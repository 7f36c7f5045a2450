import type { Applicability } from '@athanor/schema';
import type { Inputs } from '../models/inputs.ts';
import { findGroups } from '../resampling/groups.ts';
import { fitApplicability, insideScore, measureNearness, outsideScore } from '../selection/applicability.ts';

/** Share of a range outside it that is still extrapolation by a hair. */
const rangeMargin = 0.1;
/** An ingredient used in fewer rows than this is hardly known. */
const fewUses = 3;

/**
 * How far rows are from the measured ones, by the distance that predictions are judged by, and flags for what was never
 * seen: values outside the range, new levels unless all that may come are known (`isClosed`), ingredients hardly used,
 * pairs of ingredients that never met.
 */
export function applicabilityJudge(observed: Inputs): (candidates: Inputs) => Applicability[] {
  const composition = observed.columns.map(({ column, isAmount }) => isAmount || column.kind === 'molecular');
  const groups = findGroups(observed, composition, null).ids;
  const unknown = new Float64Array(observed.rowCount).fill(NaN);
  const known = fitApplicability(observed, groups, Int32Array.from(groups.keys()), unknown);
  return (candidates) => {
    const nearness = measureNearness(known, candidates);
    return flagRows(observed, candidates).map((reasons, i): Applicability => {
      const far = nearness.ratio[i]!;
      let score = nearness.score[i]!;
      if (score < insideScore)
        reasons.unshift(
          `${far.toFixed(1)} times as far from the nearest experiments as they usually are from each other`,
        );
      if (reasons.some((reason) => reason.startsWith('!'))) score = Math.min(score, outsideScore / 2);
      else if (reasons.length > 0) score = Math.min(score, insideScore - 0.01);
      return {
        score,
        class: score >= insideScore ? 'inside' : score >= outsideScore ? 'edge' : 'outside',
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
    const { column: seen, isClosed } = observed.columns[j]!;
    if (column.kind !== 'numeric') {
      if (seen.kind === 'numeric' || isClosed === true) return;
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
