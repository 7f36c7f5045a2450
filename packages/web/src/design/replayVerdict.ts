import { policyNames, type BacktestPayload } from '@athanor/schema';

type Policy = BacktestPayload['policies'][number];

/** What a replay found, in sentences with its figures; the first says what matters. */
export function replayVerdict(payload: BacktestPayload): { headline: string; details: string[] } {
  const { policies, bestPolicy, rowCount, campaigns, startCount, batchSize } = payload;
  const best = policies.find(({ policy }) => policy === bestPolicy)!;
  const tops = Math.max(1, Math.ceil(rowCount / 20));
  const wanted = tops === 1 ? 'the best row' : `half of the best ${tops} rows`;
  const after = halfFoundAfter(best);
  const details = [
    `Each way of choosing met the ${rowCount} rows as if none were known: ${startCount} at random, then ${batchSize} at a time, ` +
      `${campaigns === 1 ? 'once' : `${campaigns} times from other starts`}.`,
  ];
  if (bestPolicy === 'random') {
    return {
      headline: 'No way of choosing finds the best rows of this table sooner than chance.',
      details: [
        'The models learn too little from it, or too few rows are among the best to tell.',
        ...details,
      ],
    };
  }
  const name = `“${policyNames[bestPolicy]}”`;
  const at = Math.min(20, best.topFound.length);
  const share = best.enhancement >= 1.05 ? `${times(best.enhancement)} as many` : 'about as many';
  details.unshift(
    `After ${at} experiments it has found ${percent(best.topFound[at - 1]!)} of the best ${tops}, ${share} as chance would (enhancement factor).`,
  );
  if (after === null || best.acceleration === null)
    return {
      headline: `${name} does best here, yet does not find ${wanted} within ${best.best.length} experiments.`,
      details,
    };
  const chance = Math.round(rowCount / 2);
  return {
    headline:
      best.acceleration >= 1.05
        ? `${name} finds ${wanted} after ${after} experiments, chance after ${chance}: ${times(best.acceleration)} as soon (acceleration factor).`
        : `${name} does best here, but finds ${wanted} hardly sooner than chance: after ${after} experiments, not ${chance}.`,
    details,
  };
}

/** Experiments by which half of the best rows are found on average; null when they never are. */
export function halfFoundAfter({ topFound }: Policy): number | null {
  const place = topFound.findIndex((share) => share >= 0.5 - 1e-9);
  return place < 0 ? null : place + 1;
}

function times(factor: number): string {
  return `${factor.toFixed(factor < 10 ? 1 : 0)} times`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
