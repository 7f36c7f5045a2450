/**
 * `npm run bench:design`: campaigns over real tables and continuous problems with constraints against BoTorch and BayBE on
 * the same starts and seeds, the promises about search spaces, and the time and memory of a large run. Ends with one JSON
 * line of figures. Peers' campaigns are kept beside their Python and made once.
 *
 * Options: `--seeds 20`, `--peer-seeds 20`, `--spaces 10000`, `--only pools,continuous,spaces,generate`, `--python PATH`.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { hypervolume } from '../../packages/engine/src/acquisition/hypervolume.ts';
import { runCampaign } from '../../packages/engine/src/design/runCampaign.ts';
import { createGenerator } from '../../packages/engine/src/random/createGenerator.ts';
import { loadHighs } from '../../packages/engine/src/space/loadHighs.ts';
import { problems, runContinuous } from './continuous.ts';
import { peerPython } from './environment.ts';
import { peerCampaign, peerContinuous, peers, type Peer } from './peerCampaigns.ts';
import { poolNames, readPool, type Pool } from './pools.ts';

const options = new Map<string, string>();
process.argv.slice(2).forEach((word, i, words) => {
  if (word.startsWith('--')) options.set(word.slice(2), words[i + 1] ?? '');
});
const seeds = Number(options.get('seeds') ?? 20);
const peerSeeds = Math.min(seeds, Number(options.get('peer-seeds') ?? seeds));
const only = (options.get('only') ?? 'pools,continuous,spaces,generate').split(',');
const python = peerSeeds === 0 ? '' : (options.get('python') ?? peerPython());
const batch = 5;
const topShare = 0.05;
const figures: Record<string, number> = {};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value / values.length, 0);
const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : 0.5 * (sorted[middle - 1]! + sorted[middle]!);
};

/** What a campaign over one target came to. */
interface Outcome {
  /** Best value by then, greater is better [budget]. */
  readonly best: readonly number[];
  /** Share of the best twentieth found after 20 over that of chance. */
  readonly enhancement: number;
  /** Experiments until half of the best twentieth; the budget and one when it is not reached. */
  readonly half: number;
  /** Experiments until 99 % of the way from the middle of the pool to its best; likewise. */
  readonly to99: number;
}

function judge(pool: Pool, order: ArrayLike<number>): Outcome {
  const sign = pool.goals[0] === 'maximize' ? 1 : -1;
  const y = pool.targets[0]!.map((value) => sign * value);
  const sorted = y.slice().sort();
  const N = y.length;
  const top = Math.ceil(topShare * N);
  const threshold = sorted[N - top]!;
  const goal = sorted[N >> 1]! + 0.99 * (sorted[N - 1]! - sorted[N >> 1]!);
  const best: number[] = [];
  let hits = 0;
  let hitsAt20 = 0;
  let half = order.length + 1;
  let to99 = order.length + 1;
  Array.from(order).forEach((row, i) => {
    best.push(Math.max(best.at(-1) ?? -Infinity, y[row]!));
    if (y[row]! >= threshold) hits++;
    if (i < 20) hitsAt20 = hits;
    if (hits >= top / 2) half = Math.min(half, i + 1);
    if (y[row]! >= goal) to99 = Math.min(to99, i + 1);
  });
  return { best, enhancement: hitsAt20 / top / (20 / N), half, to99 };
}

/** Hypervolume of a campaign over two targets, both scaled to the range of the pool. */
function volumeOf(pool: Pool, order: ArrayLike<number>): number {
  const scaled = pool.targets.map((y, t) => {
    const low = y.reduce((a, b) => Math.min(a, b));
    const high = y.reduce((a, b) => Math.max(a, b));
    return y.map((value) => (pool.goals[t] === 'maximize' ? value - low : high - value) / (high - low));
  });
  const points = Array.from(order, (row) => Float64Array.from(scaled, (y) => y[row]!));
  return hypervolume(points, new Float64Array(scaled.length));
}

function runPools(): void {
  const experimentRatios: number[] = [];
  const secondRatios: number[] = [];
  console.log(
    ['table', 'who', 'seeds', 'best 10', 'best 25', 'best 50', 'EF(20)', 'AF(.5)', 'to 99 %', 's/batch'].join(
      '\t',
    ),
  );
  for (const name of poolNames) {
    const pool = readPool(name);
    const N = pool.inputs.rowCount;
    const starts = Array.from({ length: seeds }, (_, seed) =>
      createGenerator(seed)
        .split('start')
        .shuffle(Int32Array.from({ length: N }, (_, i) => i))
        .slice(0, 5),
    );
    const began = performance.now();
    const ours = starts.map((start, seed) =>
      runCampaign({
        pool: pool.inputs,
        targets: pool.targets,
        objectives: pool.goals.map((goal, t) => ({ target: pool.targetKeys[t]!, goal })),
        startCount: start.length,
        start,
        batchSize: batch,
        budget: pool.budget,
        mode: 'balanced',
        model: { kind: 'gaussianProcess', spec: {} },
        seed,
      }),
    );
    const seconds = (performance.now() - began) / 1000 / seeds / Math.ceil((pool.budget - 5) / batch);
    const theirs = new Map<Peer, { orders: number[][]; seconds: number }>();
    for (const peer of peers) {
      const campaigns = starts
        .slice(0, peerSeeds)
        .map((start, seed) =>
          peerCampaign(python, peer, pool, [...start], seed, batch, options.get('cached') === undefined),
        )
        .filter((one) => one !== null);
      if (campaigns.length > 0)
        theirs.set(peer, {
          orders: campaigns.map(({ order }) => [...order]),
          seconds: mean(campaigns.flatMap((one) => one.seconds)),
        });
    }
    if (pool.targets.length > 1) {
      const volume = mean(ours.map((order) => volumeOf(pool, order)));
      console.log(
        [
          name,
          'Athanor',
          seeds,
          `hypervolume ${volume.toFixed(4)}`,
          '',
          '',
          '',
          '',
          '',
          seconds.toFixed(2),
        ].join('\t'),
      );
      const volumes = [...theirs].map(([peer, { orders, seconds: own }]) => {
        const value = mean(orders.map((order) => volumeOf(pool, order)));
        console.log(
          [
            name,
            peer,
            orders.length,
            `hypervolume ${value.toFixed(4)}`,
            '',
            '',
            '',
            '',
            '',
            own.toFixed(2),
          ].join('\t'),
        );
        return value;
      });
      figures['hypervolume'] = volume;
      if (volumes.length > 0) figures['hypervolume_vs_better_peer'] = volume / Math.max(...volumes);
      continue;
    }
    const found = ours.map((order) => judge(pool, order));
    print(name, 'Athanor', found, N, seconds);
    if (name === 'direct_arylation') figures['arylation_best50'] = mean(found.map(({ best }) => best[49]!));
    if (name === 'oer_plate_3496')
      figures['af50_oer_plate_3496'] = N / 2 / mean(found.map(({ half }) => half));
    else figures[`ef20_${name}`] = mean(found.map((one) => one.enhancement));
    if (theirs.size === 0) continue;
    const peerExperiments = [...theirs].map(([peer, { orders, seconds: own }]) => {
      const judged = orders.map((order) => judge(pool, order));
      print(name, peer, judged, N, own);
      return mean(judged.map(({ to99 }) => to99));
    });
    const compared = found.slice(0, Math.max(...[...theirs.values()].map(({ orders }) => orders.length)));
    experimentRatios.push(mean(compared.map(({ to99 }) => to99)) / Math.min(...peerExperiments));
    secondRatios.push(seconds / Math.min(...[...theirs.values()].map((one) => one.seconds)));
  }
  if (experimentRatios.length > 0) {
    figures['experiments_vs_better_peer'] = mean(experimentRatios);
    figures['seconds_vs_better_peer'] = mean(secondRatios);
  }
}

function print(name: string, who: string, found: readonly Outcome[], N: number, seconds: number): void {
  const at = (count: number): string => {
    const values = found.map(({ best }) => best[count - 1]).filter((value) => value !== undefined);
    return values.length === 0 ? '' : Math.abs(mean(values)).toPrecision(4);
  };
  console.log(
    [
      name,
      who,
      found.length,
      at(10),
      at(25),
      at(50),
      mean(found.map((one) => one.enhancement)).toFixed(2),
      (N / 2 / mean(found.map(({ half }) => half))).toFixed(2),
      mean(found.map(({ to99 }) => to99)).toFixed(1),
      seconds.toFixed(2),
    ].join('\t'),
  );
}

async function runProblems(): Promise<void> {
  const solver = await loadHighs();
  const ratios: number[] = [];
  console.log(['problem', 'who', 'seeds', 'median regret', 's/batch'].join('\t'));
  for (const name of Object.keys(problems)) {
    const ours = Array.from({ length: seeds }, (_, seed) => runContinuous(name, solver, seed));
    const own = median(ours.map(({ regret }) => regret));
    console.log(
      [name, 'Athanor', seeds, own.toFixed(4), mean(ours.flatMap(({ seconds }) => seconds)).toFixed(2)].join(
        '\t',
      ),
    );
    figures[`regret_${name}`] = own;
    const theirs = peers.flatMap((peer) => {
      const campaigns = Array.from({ length: peerSeeds }, (_, seed) =>
        peerContinuous(python, peer, name, solver, seed, options.get('cached') === undefined),
      ).filter((one) => one !== null);
      if (campaigns.length === 0) return [];
      const regret = median(campaigns.map((one) => one.regret));
      const seconds = mean(campaigns.flatMap((one) => one.seconds));
      console.log([name, peer, campaigns.length, regret.toFixed(4), seconds.toFixed(2)].join('\t'));
      return [regret];
    });
    if (theirs.length > 0) ratios.push(own / Math.min(...theirs));
  }
  if (ratios.length > 0) figures['regret_vs_better_peer'] = Math.max(...ratios);
}

/** A script of its own process, and the figures of its last line. */
function runScript(file: string, args: readonly string[]): Record<string, number> {
  const text = execFileSync(process.execPath, [join(import.meta.dirname, file), ...args], {
    encoding: 'utf8',
  });
  const last = text.trim().split('\n').at(-1)!;
  console.log(last);
  return (JSON.parse(last) as { figures: Record<string, number> }).figures;
}

if (only.includes('pools')) runPools();
if (only.includes('continuous')) await runProblems();
if (only.includes('spaces')) {
  const found = runScript('spaces.ts', [options.get('spaces') ?? '10000', '7']);
  figures['feasible_share'] = found['feasible_share']!;
  figures['explained_share'] = found['explained_share']!;
}
if (only.includes('generate')) {
  const found = runScript('generate.ts', []);
  figures['generate_100k_seconds'] = found['seconds']!;
  figures['generate_100k_mb'] = found['megabytes']!;
}
console.log(JSON.stringify({ bench: 'design', figures }));
