/**
 * `npm run bench:design`: campaigns over real tables and continuous problems with constraints against BoTorch and BayBE on
 * the same starts and seeds, the promises about search spaces, and the time and memory of a large run. Ends with one JSON
 * line of figures. Peers' campaigns are kept in `peerCampaigns.jsonl`; comparisons are over the seeds that a peer has, and
 * say how many these are. Times are those of the first batches of this call.
 *
 * Options: `--seeds 20`, `--only pools,continuous,spaces,generate,times`, `--tables a,b`, `--spaces 10000`,
 * `--peer-minutes 0` to spend on campaigns of the peers that are not there yet, `--peer-seeds 20`, `--python PATH`.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { campaignModel } from '../../packages/engine/src/design/campaignModel.ts';
import { runCampaign } from '../../packages/engine/src/design/runCampaign.ts';
import { createGenerator } from '../../packages/engine/src/random/createGenerator.ts';
import { loadHighs } from '../../packages/engine/src/space/loadHighs.ts';
import { problems, runContinuous } from './continuous.ts';
import { peerPython } from './environment.ts';
import { judgeCampaign, volumeOf, type Outcome } from './judgeCampaign.ts';
import {
  continuousJob,
  findCampaign,
  makeCampaigns,
  peers,
  poolJob,
  timeCampaigns,
  type PeerJob,
} from './peerCampaigns.ts';
import { poolNames, readMolecules, readPool, type Pool } from './pools.ts';

const options = new Map<string, string>();
process.argv.slice(2).forEach((word, i, words) => {
  if (word.startsWith('--')) options.set(word.slice(2), words[i + 1] ?? '');
});
const seeds = Number(options.get('seeds') ?? 20);
const peerSeeds = Math.min(seeds, Number(options.get('peer-seeds') ?? seeds));
const only = (options.get('only') ?? 'pools,continuous,spaces,generate,times').split(',');
const peerMinutes = Number(options.get('peer-minutes') ?? 0);
const pools = (options.get('tables') ?? poolNames.join()).split(',').map(readPool);
const problemNames = Object.keys(problems);
const batch = 5;
/** Batches of a campaign that are timed against the peers. */
const timedBatches = 2;
const figures: Record<string, number> = {};
const solver = await loadHighs();

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value / values.length, 0);
const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : 0.5 * (sorted[middle - 1]! + sorted[middle]!);
};
const python = (): string => options.get('python') ?? peerPython();
const row = (...cells: readonly (string | number)[]): void => console.log(cells.join('\t'));

function startRows(pool: Pool, seed: number): Int32Array {
  return createGenerator(seed)
    .split('start')
    .shuffle(Int32Array.from({ length: pool.inputs.rowCount }, (_, i) => i))
    .slice(0, 5);
}

function campaign(pool: Pool, seed: number, budget = pool.budget): number[] {
  const start = startRows(pool, seed);
  return [
    ...runCampaign({
      pool: pool.inputs,
      targets: pool.targets,
      objectives: pool.goals.map((goal, t) => ({ target: pool.targetKeys[t]!, goal })),
      startCount: start.length,
      start,
      batchSize: batch,
      budget,
      mode: 'balanced',
      model: campaignModel,
      seed,
    }),
  ];
}

/** Campaigns of the peers that are asked for, seed by seed, so that an early end leaves as many of everything. */
function missingJobs(): PeerJob<unknown>[] {
  return Array.from({ length: peerSeeds }, (_, seed) =>
    peers.flatMap((peer): PeerJob<unknown>[] => [
      ...(only.includes('pools')
        ? pools
            .filter(({ maxSeeds }) => seed < maxSeeds)
            .map((pool) => poolJob(peer, pool, [...startRows(pool, seed)], seed, batch))
        : []),
      ...(only.includes('continuous')
        ? problemNames.map((name) => continuousJob(peer, name, solver, seed))
        : []),
    ]),
  ).flat();
}

/** Answers of a peer that are kept, by seed. */
function keptBySeed<Answer>(
  jobOf: (seed: number) => PeerJob<Answer>,
  count = peerSeeds,
): Map<number, Answer> {
  const found = new Map<number, Answer>();
  for (let seed = 0; seed < Math.min(count, peerSeeds); seed++) {
    const answer = findCampaign(jobOf(seed));
    if (answer !== null) found.set(seed, answer);
  }
  return found;
}

/** Ratio of ours to the better peer, each over the seeds that the peer has; null without any. */
function againstBetter(
  ours: readonly number[],
  theirs: readonly ReadonlyMap<number, number>[],
  of: (values: readonly number[]) => number,
  isLessBetter: boolean,
): number | null {
  const ratios = theirs
    .filter(({ size }) => size > 0)
    .map((peer) => of([...peer.keys()].map((seed) => ours[seed]!)) / of([...peer.values()]));
  if (ratios.length === 0) return null;
  return isLessBetter ? Math.max(...ratios) : Math.min(...ratios);
}

async function runPools(): Promise<void> {
  const experiments: number[] = [];
  row('table', 'who', 'seeds', 'best 10', 'best 25', 'best 50', 'EF(20)', 'AF(.5)', 'to 99 %');
  for (const pool of pools) {
    const { name, goals } = pool;
    const N = pool.inputs.rowCount;
    const count = Math.min(seeds, pool.maxSeeds);
    const ours = Array.from({ length: count }, (_, seed) => campaign(pool, seed));
    const theirs = peers.map((peer) =>
      keptBySeed((seed) => poolJob(peer, pool, [...startRows(pool, seed)], seed, batch), count),
    );
    theirs.forEach(({ size }) => countSeeds('peer_seeds_pools', size));
    if (goals.length > 1) {
      const volumes = ours.map((order) => volumeOf(pool, order));
      const peerVolumes = theirs.map(
        (kept) => new Map([...kept].map(([seed, { order }]) => [seed, volumeOf(pool, order)])),
      );
      row(name, 'Athanor', count, `hypervolume ${mean(volumes).toFixed(4)}`);
      peerVolumes.forEach((kept, p) => {
        if (kept.size > 0)
          row(name, peers[p]!, kept.size, `hypervolume ${mean([...kept.values()]).toFixed(4)}`);
      });
      figures['hypervolume'] = mean(volumes);
      const ratio = againstBetter(volumes, peerVolumes, mean, false);
      if (ratio !== null) figures['hypervolume_vs_better_peer'] = ratio;
      continue;
    }
    const found = ours.map((order) => judgeCampaign(pool, order));
    print(name, 'Athanor', found, N);
    if (pool.molecules.length > 0) {
      const structures = await readMolecules(pool);
      const judged = ours.map((_, seed) => judgeCampaign(pool, campaign(structures, seed)));
      print(name, 'Athanor, molecules', judged, N);
      figures['arylation_best50'] = mean(judged.map(({ best }) => best[49]!));
      figures['arylation_best50_names'] = mean(found.map(({ best }) => best[49]!));
    }
    if (name === 'oer_plate_3496')
      figures['af50_oer_plate_3496'] = N / 2 / mean(found.map(({ half }) => half));
    else figures[`ef20_${name}`] = mean(found.map((one) => one.enhancement));
    const judged = theirs.map(
      (kept) => new Map([...kept].map(([seed, { order }]) => [seed, judgeCampaign(pool, order)])),
    );
    judged.forEach((kept, p) => {
      if (kept.size > 0) print(name, peers[p]!, [...kept.values()], N);
    });
    const ratio = againstBetter(
      found.map(({ to99 }) => to99),
      judged.map((kept) => new Map([...kept].map(([seed, { to99 }]) => [seed, to99]))),
      mean,
      true,
    );
    if (ratio !== null) {
      row(name, `experiments to 99 %, over those of the better peer: ${ratio.toFixed(2)}`);
      experiments.push(ratio);
    }
  }
  if (experiments.length > 0) figures['experiments_vs_better_peer'] = mean(experiments);
}

/** Fewest seeds that a comparison of this kind rests on. */
function countSeeds(figure: 'peer_seeds_pools' | 'peer_seeds_continuous', count: number): void {
  if (count > 0) figures[figure] = Math.min(figures[figure] ?? Infinity, count);
}

function print(name: string, who: string, found: readonly Outcome[], N: number): void {
  const at = (count: number): string => {
    const values = found.map(({ best }) => best[count - 1]).filter((value) => value !== undefined);
    return values.length === 0 ? '' : Math.abs(mean(values)).toPrecision(4);
  };
  row(
    name,
    who,
    found.length,
    at(10),
    at(25),
    at(50),
    mean(found.map((one) => one.enhancement)).toFixed(2),
    (N / 2 / mean(found.map(({ half }) => half))).toFixed(2),
    mean(found.map(({ to99 }) => to99)).toFixed(1),
  );
}

function runProblems(): void {
  const ratios: number[] = [];
  row('problem', 'who', 'seeds', 'median regret', 's/batch');
  for (const name of problemNames) {
    const ours = Array.from({ length: seeds }, (_, seed) => runContinuous(name, solver, seed));
    const regrets = ours.map(({ regret }) => regret);
    figures[`regret_${name}`] = median(regrets);
    row(
      name,
      'Athanor',
      seeds,
      median(regrets).toFixed(4),
      mean(ours.flatMap(({ seconds }) => seconds)).toFixed(2),
    );
    const theirs = peers.map((peer) => {
      const kept = keptBySeed((seed) => continuousJob(peer, name, solver, seed));
      countSeeds('peer_seeds_continuous', kept.size);
      const values = new Map([...kept].map(([seed, { regret }]) => [seed, regret]));
      if (kept.size > 0) row(name, peer, kept.size, median([...values.values()]).toFixed(4));
      return values;
    });
    const ratio = againstBetter(regrets, theirs, median, true);
    if (ratio !== null) ratios.push(ratio);
  }
  if (ratios.length > 0) figures['regret_vs_better_peer'] = Math.max(...ratios);
}

/** Seconds of the first batches of one campaign a pool, ours and theirs one after the other. */
function runTimes(): void {
  const jobs = new Map(
    pools.map((pool) => {
      const start = [...startRows(pool, 0)];
      return [
        pool,
        peers.map((peer) => poolJob(peer, pool, start, 0, batch, start.length + timedBatches * batch)),
      ];
    }),
  );
  const times = timeCampaigns(python(), [...jobs.values()].flat());
  const ratios: number[] = [];
  row('table', 'who', 'seconds a batch');
  for (const [pool, asked] of jobs) {
    campaign(pool, 0, 10);
    const began = performance.now();
    campaign(pool, 0, 5 + timedBatches * batch);
    const own = (performance.now() - began) / 1000 / timedBatches;
    const theirs = asked.map(({ key }) => mean(times.get(key)!));
    row(pool.name, 'Athanor', own.toFixed(3));
    theirs.forEach((seconds, p) => row(pool.name, peers[p]!, seconds.toFixed(3)));
    ratios.push(own / Math.min(...theirs));
  }
  figures['seconds_vs_better_peer'] = mean(ratios);
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

if (peerMinutes > 0) {
  const jobs = missingJobs();
  const made = makeCampaigns(python(), jobs, 60 * peerMinutes);
  const open = jobs.filter((job) => findCampaign(job) === null).length;
  console.log(`${made} campaigns of peers made, ${open} missing`);
}
if (only.includes('pools')) await runPools();
if (only.includes('continuous')) runProblems();
if (only.includes('times')) runTimes();
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
