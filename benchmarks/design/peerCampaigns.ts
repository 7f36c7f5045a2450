/** Campaigns of the peers, run once for each version, pool, seed and start, and kept beside the Python they need. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inputsToRows } from '../../packages/engine/src/design/inputsToRows.ts';
import type { LinearSolver } from '../../packages/engine/src/space/linearSolver.ts';
import { batchSize, problems, startOf } from './continuous.ts';
import type { Pool } from './pools.ts';

export const peers = ['botorch', 'baybe'] as const;
export type Peer = (typeof peers)[number];

export interface PeerCampaign {
  readonly order: readonly number[];
  readonly seconds: readonly number[];
}

export interface PeerRegret {
  readonly regret: number;
  readonly seconds: readonly number[];
}

const script = join(import.meta.dirname, 'peer.py');

/** @param isAllowedToRun false answers null for a campaign that is not kept */
export function peerCampaign(
  python: string,
  peer: Peer,
  pool: Pool,
  start: readonly number[],
  seed: number,
  batch: number,
  isAllowedToRun: boolean,
): PeerCampaign | null {
  const rows = inputsToRows(pool.inputs);
  const work = {
    columns: pool.keys.map((key) => ({ key, cells: rows.map((row) => row[key]) })),
    targets: pool.targets.map((y) => [...y]),
    goals: pool.goals,
    start,
    batch,
    budget: pool.budget,
    seed,
  };
  return keep<PeerCampaign>(python, script, peer, `${pool.name}-${seed}`, work, isAllowedToRun);
}

const continuousScript = join(import.meta.dirname, 'peerContinuous.py');

export function peerContinuous(
  python: string,
  peer: Peer,
  name: string,
  solver: LinearSolver,
  seed: number,
  isAllowedToRun: boolean,
): PeerRegret | null {
  const work = { name, problem: problems[name], ...startOf(name, solver, seed), seed, batch: batchSize };
  return keep<PeerRegret>(python, continuousScript, peer, `${name}-${seed}`, work, isAllowedToRun);
}

/** The answer of a script to this work: kept, or made now. */
function keep<Answer>(
  python: string,
  file: string,
  peer: Peer,
  label: string,
  work: unknown,
  isAllowedToRun: boolean,
): Answer | null {
  const text = JSON.stringify(work);
  const hash = createHash('sha256').update(readFileSync(file)).update(text).digest('hex').slice(0, 16);
  const folder = join(dirname(dirname(python)), 'campaigns');
  const kept = join(folder, `${peer}-${label}-${hash}.json`);
  if (!existsSync(kept)) {
    if (!isAllowedToRun) return null;
    mkdirSync(folder, { recursive: true });
    const source = join(folder, `${peer}-${label}.work.json`);
    writeFileSync(source, text);
    execFileSync(python, [file, peer, source, kept], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return JSON.parse(readFileSync(kept, 'utf8')) as Answer;
}
