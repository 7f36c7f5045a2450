import type { DesignPayload } from '@athanor/schema';

/** The candidates of a design as a table: what to weigh in and set, then what is known of each. RFC 4180. */
export function candidatesToCsv({ candidates, space, objectives }: DesignPayload): string {
  const inputs = space.variables.map(({ key }) => key);
  const targets = [...new Set(objectives.map(({ target }) => target))];
  const hasModels = objectives.length > 0;
  const hasPrice = candidates.some(({ cost }) => cost !== null);
  const header = [
    'rank',
    ...inputs,
    ...targets.flatMap((target) => [`${target} mean`, `${target} sd`, `${target} lower`, `${target} upper`]),
    ...(hasModels ? ['probability of all', 'share of improvement', 'reason', 'applicability'] : []),
    'nearest row',
    ...(hasPrice ? ['cost'] : []),
  ];
  const lines = candidates.map((candidate) => [
    candidate.rank,
    ...inputs.map((key) => candidate.inputs[key] ?? ''),
    ...targets.flatMap((target) => {
      const { prediction } = candidate.predictions.find((one) => one.target === target)!;
      const { lower, upper } = prediction.interval;
      return [prediction.mean, prediction.standardDeviation, lower, upper];
    }),
    ...(hasModels
      ? [
          candidate.probabilityOfAll ?? '',
          candidate.shareOfImprovement ?? '',
          candidate.reason,
          candidate.applicability?.class ?? '',
        ]
      : []),
    candidate.nearest?.row ?? '',
    ...(hasPrice ? [candidate.cost ?? ''] : []),
  ]);
  return `${[header, ...lines].map((cells) => cells.map(toCell).join(',')).join('\n')}\n`;
}

/** Quotes where needed; text that a spreadsheet would run as a formula gets an apostrophe in front. */
function toCell(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  const isFormula = /^[\s\u00a0]*[=+\-@\t\r\n]/.test(value) && !Number.isFinite(Number(value));
  const safe = isFormula ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
