/**
 * Two ways of running campaigns compared seed by seed on the tables of `pools.ts`: the difference of each figure with its
 * standard error. A way is written as an exploit share, a comma, and the kinds of models that have the say: `0.5`,
 * `0,gaussianProcess`, `0.5,gaussianProcess+extraTrees`; `0>0.5` is one share up to 30 experiments and another
 * from there on.
 * `node benchmarks/design/policies.ts --ways "0 0.5" --tables agnp,p3ht_cnt --seeds 20-39 --minutes 5`
 */
import { campaignModel } from '../../packages/engine/src/design/campaignModel.ts';
import { runCampaign } from '../../packages/engine/src/design/runCampaign.ts';
import { createGenerator } from '../../packages/engine/src/random/createGenerator.ts';
import { judgeCampaign, type Outcome } from './judgeCampaign.ts';
import { readPool, type Pool } from './pools.ts';

const options = new Map<string, string>();
process.argv.slice(2).forEach((word, i, words) => {
  if (word.startsWith('--')) options.set(word.slice(2), words[i + 1] ?? '');
});
const ways = (options.get('ways') ?? '0 0.5').split(' ');
const [first, last] = (options.get('seeds') ?? '20-39').split('-').map(Number) as [number, number];
const pools = (options.get('tables') ?? 'agnp,p3ht_cnt').split(',').map(readPool);
/** No new seed is begun after this. */
const ends = performance.now() + 60_000 * Number(options.get('minutes') ?? 60);

const measures: { readonly [name: string]: (one: Outcome) => number } = {
  'to 99 %': ({ to99 }) => to99,
  'half of the best twentieth': ({ half }) => half,
  'EF(20)': ({ enhancement }) => enhancement,
  'best at 25': ({ best }) => best[24]!,
  'best at the end': ({ best }) => best.at(-1)!,
};
/** Experiments after which the second share holds. */
const switchAt = 30;
const figures: Record<string, number> = {};
for (const pool of pools) {
  const outcomes: Outcome[][] = [];
  for (let seed = first; seed <= last && performance.now() < ends; seed++)
    outcomes.push(ways.map((way) => judgeCampaign(pool, campaign(pool, seed, way))));
  const n = outcomes.length;
  if (n < 2) continue;
  for (const [name, of] of Object.entries(measures)) {
    const means = ways.map((_, w) => outcomes.reduce((sum, one) => sum + of(one[w]!) / n, 0));
    const cells = means.slice(1).map((mean, w) => {
      const difference = mean - means[0]!;
      const squares = outcomes.reduce(
        (sum, one) => sum + (of(one[w + 1]!) - of(one[0]!) - difference) ** 2,
        0,
      );
      figures[`${pool.name} ${name} ${ways[w + 1]} - ${ways[0]}`] = difference;
      return `${difference.toPrecision(3)} ± ${Math.sqrt(squares / (n - 1) / n).toPrecision(2)}`;
    });
    console.log(
      [pool.name, `${n} seeds`, name, ...means.map((mean) => mean.toPrecision(4)), ...cells].join('\t'),
    );
  }
}
console.log(JSON.stringify({ bench: 'design-policies', figures }));

function campaign(pool: Pool, seed: number, way: string): number[] {
  const [share, kinds = 'gaussianProcess'] = way.split(',');
  const [early, late = early] = share!.split('>').map(Number) as [number, number?];
  const [model, ...beside] = kinds
    .split('+')
    .map((kind) => (kind === campaignModel.kind ? campaignModel : { kind, spec: {} }));
  const start = createGenerator(seed)
    .split('start')
    .shuffle(Int32Array.from({ length: pool.inputs.rowCount }, (_, i) => i))
    .slice(0, 5);
  return [
    ...runCampaign({
      pool: pool.inputs,
      targets: pool.targets,
      objectives: pool.goals.map((goal, t) => ({ target: pool.targetKeys[t]!, goal })),
      startCount: start.length,
      start,
      batchSize: 5,
      budget: pool.budget,
      mode: 'balanced',
      exploitShare: (triedCount) => (triedCount < switchAt ? early : late),
      model: model!,
      beside,
      seed,
    }),
  ];
}
