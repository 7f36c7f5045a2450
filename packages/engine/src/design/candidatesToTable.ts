import type { DesignPayload } from '@athanor/schema';

/** A table of candidates, cells not yet written in any format. */
export interface CandidateTable {
  /** Different from each other. */
  readonly header: readonly string[];
  /** Row by row; null is an empty cell. */
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
}

/** The candidates of a design as a table: what to weigh in and set, then what is known of each. */
export function candidatesToTable({ candidates, space, objectives }: DesignPayload): CandidateTable {
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
  const rows = candidates.map((candidate) => [
    candidate.rank,
    ...inputs.map((key) => candidate.inputs[key] ?? null),
    ...targets.flatMap((target) => {
      const { prediction } = candidate.predictions.find((one) => one.target === target)!;
      const { lower, upper } = prediction.interval;
      return [prediction.mean, prediction.standardDeviation, lower, upper];
    }),
    ...(hasModels
      ? [
          candidate.probabilityOfAll,
          candidate.shareOfImprovement,
          candidate.reason,
          candidate.applicability?.class ?? null,
        ]
      : []),
    candidate.nearest?.row ?? null,
    ...(hasPrice ? [candidate.cost] : []),
  ]);
  return { header: makeDifferent(header), rows };
}

/** An input may be called `rank` as well: the later of two equal names gets a number. */
function makeDifferent(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let n = 2; taken.has(own); n++) own = `${name} ${n}`;
    taken.add(own);
    return own;
  });
}
