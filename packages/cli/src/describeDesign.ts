import type { Candidate, DesignPayload } from '@athanor/schema';
import { formatNumber } from './formatNumber.ts';
import { formatTable } from './formatTable.ts';

/** Proposed experiments for a person to read: what to do, what to expect, and why. */
export function describeDesign({ candidates, objectives, space, generated, figures }: DesignPayload): string {
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
    ...(targets.length > 0 ? [candidate.reason, candidate.applicability?.class ?? ''] : []),
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
    `${generated} different experiments compared.${merits.length === 0 ? '' : ` ${merits.join(', ')}.`}`,
  ].join('\n');
}

function describePrediction({ predictions }: Candidate, target: string): string {
  const { prediction } = predictions.find((one) => one.target === target)!;
  return `${formatNumber(prediction.mean, 3)} ± ${formatNumber(prediction.standardDeviation, 2)}`;
}
