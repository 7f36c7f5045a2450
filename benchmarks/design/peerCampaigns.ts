/** Campaigns of the peers: kept beside this file by their version and the hash of what they were asked, made once. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inputsToRows } from '../../packages/engine/src/design/inputsToRows.ts';
import type { LinearSolver } from '../../packages/engine/src/space/linearSolver.ts';
import { batchSize, problems, startOf } from './continuous.ts';
import type { Pool } from './pools.ts';

export const peers = ['botorch', 'baybe'] as const;
export type Peer = (typeof peers)[number];
/** What made the campaigns that are kept; others count as not made. */
const versions: Record<Peer, string> = { botorch: '0.18.1', baybe: '0.15.0' };

export interface PeerCampaign {
  readonly order: readonly number[];
  readonly seconds: readonly number[];
}

export interface PeerRegret {
  readonly regret: number;
  readonly seconds: readonly number[];
}

/** One campaign to make, and where its answer is found. */
export interface PeerJob<Answer> {
  readonly peer: Peer;
  readonly script: 'peer.py' | 'peerContinuous.py';
  readonly key: string;
  readonly work: unknown;
  /** Never there: what kind of answer the script gives. */
  readonly answer?: Answer;
}

export function poolJob(
  peer: Peer,
  pool: Pool,
  start: readonly number[],
  seed: number,
  batch: number,
  budget = pool.budget,
): PeerJob<PeerCampaign> {
  const rows = inputsToRows(pool.inputs);
  return jobOf(peer, 'peer.py', `${pool.name}-${seed}`, {
    columns: pool.keys.map((key) => ({ key, cells: rows.map((row) => row[key]) })),
    targets: pool.targets.map((y) => [...y]),
    goals: pool.goals,
    start,
    batch,
    budget,
    seed,
  });
}

export function continuousJob(
  peer: Peer,
  name: string,
  solver: LinearSolver,
  seed: number,
): PeerJob<PeerRegret> {
  return jobOf(peer, 'peerContinuous.py', `${name}-${seed}`, {
    name,
    problem: problems[name],
    ...startOf(name, solver, seed),
    seed,
    batch: batchSize,
  });
}

function jobOf<Answer>(
  peer: Peer,
  script: PeerJob<Answer>['script'],
  label: string,
  work: unknown,
): PeerJob<Answer> {
  const hash = createHash('sha256').update(JSON.stringify(work)).digest('hex').slice(0, 16);
  return { peer, script, key: `${peer}-${versions[peer]}/${label}/${hash}`, work };
}

const path = join(import.meta.dirname, 'peerCampaigns.jsonl');
const kept = new Map<string, unknown>();
if (existsSync(path))
  for (const line of readFileSync(path, 'utf8').split('\n')) if (line !== '') keepLine(line);

function keepLine(line: string): void {
  const { key, answer } = JSON.parse(line) as { key: string; answer: unknown };
  kept.set(key, answer);
}

/** Null when it has not been made. */
export function findCampaign<Answer>(job: PeerJob<Answer>): Answer | null {
  return (kept.get(job.key) as Answer | undefined) ?? null;
}

/**
 * Makes campaigns, one process a peer and a script, until all are there or time is up; finished ones are kept.
 *
 * @returns how many were made
 * @throws when a script fails
 */
export function makeCampaigns(python: string, jobs: readonly PeerJob<unknown>[], seconds: number): number {
  const missing = jobs.filter(({ key }) => !kept.has(key));
  let made = 0;
  for (const line of askPeers(python, missing, seconds)) {
    appendFileSync(path, `${line}\n`);
    keepLine(line);
    made++;
  }
  return made;
}

/** Answers to jobs, made now and not kept: for times, which compare only within one call. */
export function timeCampaigns(python: string, jobs: readonly PeerJob<PeerCampaign>[]): Map<string, number[]> {
  return new Map(
    Array.from(askPeers(python, jobs, 600), (line) => {
      const { key, answer } = JSON.parse(line) as { key: string; answer: PeerCampaign };
      return [key, [...answer.seconds]];
    }),
  );
}

/** Answers as they come, so that those of a script that fails later are not lost. */
function* askPeers(
  python: string,
  jobs: readonly PeerJob<unknown>[],
  seconds: number,
): Generator<string, void, undefined> {
  const end = performance.now() + 1000 * seconds;
  const parts = peers
    .flatMap((peer) =>
      (['peer.py', 'peerContinuous.py'] as const).map((script) => ({
        peer,
        script,
        own: jobs.filter((job) => job.peer === peer && job.script === script),
      })),
    )
    .filter(({ own }) => own.length > 0);
  for (const [i, { peer, script, own }] of parts.entries()) {
    // Fair shares of the time that is left: whoever comes first must not use up that of the others.
    const share = Math.floor((end - performance.now()) / (parts.length - i));
    if (share < 1000) return;
    const { stdout, status, signal } = spawnSync(python, [join(import.meta.dirname, script), peer], {
      input: own.map(({ key, work }) => JSON.stringify({ key, work })).join('\n'),
      encoding: 'utf8',
      timeout: share,
      maxBuffer: 1e9,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    yield* stdout.split('\n').filter((line) => line.startsWith('{"key"') && line.endsWith('}}'));
    if (status !== 0 && signal === null) throw new Error(`${script} ${peer} ended with status ${status}`);
  }
}
