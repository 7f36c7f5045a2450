import type { Candidate, DesignPayload, Variable } from '@athanor/schema';
import { formatNumber } from './formatNumber.ts';
import { formatTable } from './formatTable.ts';

const reasons: Record<Candidate['reason'], string> = {
  exploit: 'surely good',
  explore: 'may be good',
  spread: 'fills a gap',
};
const places = { inside: 'amid', edge: 'at the edge of', outside: 'outside' } as const;

/**
 * Proposed experiments for a person to read: what to do, what to expect, and why.
 *
 * @param variables of the table, for what was measured so far; empty without a table
 */
export function describeDesign(payload: DesignPayload, variables: readonly Variable[]): string {
  const { candidates, objectives, space, generated, figures } = payload;
  const targets = [...new Set(objectives.map(({ target }) => target))];
  // An ingredient that nobody is to weigh in needs no column.
  const inputs = space.variables
    .map(({ key }) => key)
    .filter((key) => candidates.some((candidate) => candidate.inputs[key] !== 0));
  const hasCriteria = candidates.some(({ probabilityOfAll }) => probabilityOfAll !== null);
  const hasPrice = candidates.some(({ cost }) => cost !== null);
  const titles = [
    '#',
    ...inputs,
    ...targets,
    ...(hasCriteria ? ['P(all)'] : []),
    ...(hasPrice ? ['cost'] : []),
    ...(targets.length > 0 ? ['why', 'data'] : []),
    'nearest',
  ];
  const lines = candidates.map((candidate) => [
    String(candidate.rank),
    ...inputs.map((key) => String(candidate.inputs[key] ?? '')),
    ...targets.map((target) => describePrediction(candidate, target)),
    ...(hasCriteria ? [formatNumber(candidate.probabilityOfAll ?? NaN, 2)] : []),
    ...(hasPrice ? [formatNumber(candidate.cost ?? NaN, 3)] : []),
    ...(targets.length > 0 ? [reasons[candidate.reason], candidate.applicability?.class ?? ''] : []),
    candidate.nearest === null ? '' : `row ${candidate.nearest.row}`,
  ]);
  const table = formatTable(
    titles.map((title) => ({ title, align: 'right' as const })),
    lines,
  );
  const merits = Object.entries(figures).map(([name, value]) => `${name} ${formatNumber(value, 3)}`);
  return [
    table,
    '',
    ...targets.flatMap((target) => describeMeasured(target, variables, candidates)),
    ...(targets.length > 0 ? describePlaces(candidates) : []),
    `${generated.toLocaleString('en')} different experiments compared.${merits.length === 0 ? '' : ` ${merits.join(', ')}.`}`,
  ].join('\n');
}

function describePrediction(candidate: Candidate, target: string): string {
  const { mean, standardDeviation } = predictionOf(candidate, target);
  return `${formatNumber(mean, 3)} ± ${formatNumber(standardDeviation, 2)}`;
}

function predictionOf({ predictions }: Candidate, target: string) {
  return predictions.find((one) => one.target === target)!.prediction;
}

/** The range measured so far, and which predictions lie beyond it. */
function describeMeasured(
  target: string,
  variables: readonly Variable[],
  candidates: readonly Candidate[],
): string[] {
  const range = variables.find(({ key }) => key === target)?.range ?? null;
  if (range === null) return [];
  const beyond = candidates.filter((candidate) => {
    const { mean } = predictionOf(candidate, target);
    return mean < range.min || mean > range.max;
  });
  const measured = `${target}: measured so far ${formatNumber(range.min, 4)} to ${formatNumber(range.max, 4)}`;
  return [beyond.length === 0 ? `${measured}.` : `${measured}; predicted beyond that: ${listRanks(beyond)}.`];
}

/** Which candidates lie where, and what to make of those that lie outside. */
function describePlaces(candidates: readonly Candidate[]): string[] {
  const found = (['inside', 'edge', 'outside'] as const).flatMap((place) => {
    const there = candidates.filter(({ applicability }) => applicability?.class === place);
    return there.length === 0 ? [] : [{ place, text: `${places[place]} the data: ${listRanks(there)}` }];
  });
  if (found.length === 0) return [];
  const sentence = found.map(({ text }) => text).join('; ');
  const warning = found.at(-1)!.place === 'outside' ? ' Those outside rest on extrapolation.' : '';
  return [`${sentence[0]!.toUpperCase()}${sentence.slice(1)}.${warning}`];
}

/** `1-4, 6` */
function listRanks(candidates: readonly Candidate[]): string {
  const parts: string[] = [];
  const ranks = candidates.map(({ rank }) => rank);
  for (let i = 0; i < ranks.length;) {
    let end = i;
    while (ranks[end + 1] === ranks[end]! + 1) end++;
    parts.push(end === i ? String(ranks[i]) : `${ranks[i]}-${ranks[end]}`);
    i = end + 1;
  }
  return parts.join(', ');
}
