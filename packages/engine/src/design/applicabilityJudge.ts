import type { Applicability } from '@athanor/schema';
import type { InputColumn, Inputs } from '../models/inputs.ts';
import { findGroups } from '../resampling/groups.ts';
import { fitApplicability, insideScore, measureNearness, outsideScore } from '../selection/applicability.ts';
import type { Column, NumericColumn } from '../table/column.ts';

/** Share of a range outside it that is still extrapolation by a hair. */
const rangeMargin = 0.1;
/** An ingredient used in fewer rows than this is hardly known. */
const fewUses = 3;

/** Tells of rows how far they are from those measured. */
export type ApplicabilityJudge = (candidates: Inputs) => Applicability[];

/**
 * How far rows are from the measured ones, by the distance that predictions are judged by, and flags for what was never
 * seen: values outside the range, new levels unless all that may come are known (`isClosed`), ingredients hardly used,
 * pairs of ingredients that never met.
 */
export function applicabilityJudge(observed: Inputs): ApplicabilityJudge {
  const composition = observed.columns.map(({ column, isAmount }) => isAmount || column.kind === 'molecular');
  const groups = findGroups(observed, composition, null).ids;
  const unknown = new Float64Array(observed.rowCount).fill(NaN);
  const known = fitApplicability(observed, groups, Int32Array.from(groups.keys()), unknown);
  const flagRows = rowFlags(observed);
  return (candidates) => {
    const nearness = measureNearness(known, candidates);
    return flagRows(candidates).map((reasons, i): Applicability => {
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

/** Tells the reasons of each row; those with an exclamation mark put it outside. */
function rowFlags(observed: Inputs): (candidates: Inputs) => string[][] {
  const flags = observed.columns.map((input) =>
    input.column.kind === 'numeric' ? flagsOfRange(input.column) : flagsOfLevels(input.column, input),
  );
  const flagAmounts = amountFlags(observed);
  return (candidates) => {
    const reasons: string[][] = Array.from({ length: candidates.rowCount }, () => []);
    candidates.columns.forEach(({ column }, j) => flags[j]!(column, reasons));
    flagAmounts(candidates, reasons);
    return reasons;
  };
}

type FlagColumn = (column: Column, reasons: readonly string[][]) => void;

function flagsOfLevels(seen: Exclude<Column, NumericColumn>, { isClosed }: InputColumn): FlagColumn {
  const known = new Set(Array.from(seen.codes, (code) => seen.levels[code]));
  return (column, reasons) => {
    if (column.kind === 'numeric' || isClosed === true) return;
    column.codes.forEach((code, i) => {
      const level = column.levels[code];
      if (level !== undefined && !known.has(level)) reasons[i]!.push(`!${column.key} was never ${level}`);
    });
  };
}

function flagsOfRange({ values }: NumericColumn): FlagColumn {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const margin = rangeMargin * (high - low);
  return (column, reasons) => {
    if (column.kind !== 'numeric') return;
    column.values.forEach((value, i) => {
      if (value < low - margin || value > high + margin)
        reasons[i]!.push(`!${column.key} is ${value}, seen were ${low} to ${high}`);
    });
  };
}

function amountFlags(observed: Inputs): (candidates: Inputs, reasons: readonly string[][]) => void {
  const amounts = observed.columns.flatMap(({ column, isAmount }, j) =>
    isAmount && column.kind === 'numeric' ? [{ j, key: column.key, seen: column.values }] : [],
  );
  const uses = amounts.map(({ seen }) => seen.filter((value) => value > 0).length);
  const met = amounts.map(({ seen }, a) =>
    amounts.map(({ seen: other }, b) => a < b && seen.some((value, row) => value > 0 && other[row]! > 0)),
  );
  return ({ columns }, reasons) => {
    const proposed = amounts.map(({ j }) => (columns[j]!.column as NumericColumn).values);
    reasons.forEach((list, i) => {
      const used = amounts.flatMap((_, a) => (proposed[a]![i]! > 0 ? [a] : []));
      for (const a of used)
        if (uses[a]! < fewUses) list.push(`${amounts[a]!.key} was used in ${uses[a]} experiments only`);
      const strangers: string[] = [];
      used.forEach((a, p) => {
        for (const b of used.slice(p + 1))
          if (!met[a]![b]!) strangers.push(`${amounts[a]!.key} with ${amounts[b]!.key}`);
      });
      if (strangers.length > 0) list.push(`never tried together: ${strangers.slice(0, 3).join(', ')}`);
    });
  };
}
