/**
 * The fault run: a server is killed, or one of its job processes, again and again while it builds and while clients
 * write, and afterwards everything that was acknowledged must be there and every session must have come out as if
 * nothing had happened. What happens is chosen by a seed, so a failing run can be repeated. Long because all faults
 * share one server and one journal of what was acknowledged.
 */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ProblemError, SessionMetrics } from '@athanor/schema';
import type { Client } from '@athanor/schema/client';
import Sqlite from 'better-sqlite3';
import { isCalm, LoopStorm, type StormFigures } from './loopStorm.ts';
import { isAlive, type ServerProcess, ServerEndedError, startServerProcess, until } from './serverProcess.ts';

/** What the run has found; everything but the counts of faults and the times must be 0. */
export interface FaultFigures extends StormFigures {
  server_kills: number;
  storms: number;
  child_kills: number;
  crash_points: number;
  acknowledged_writes: number;
  acknowledged_writes_lost: number;
  writes_nobody_sent: number;
  sessions: number;
  sessions_not_complete: number;
  sessions_that_differ: number;
  landed_tasks_done_again: number;
  jobs_without_end: number;
  orphan_processes: number;
  orphan_files: number;
  dangling_files: number;
  ready_seconds_max: number;
}

/** One fault and what came of it, for the table. */
export interface FaultLine {
  readonly fault: string;
  readonly moment: string;
  readonly outcome: string;
}

const target = 'y';

/** A storm that has found nothing. */
const calm = new LoopStorm(() => 0).figures;

/** A table with something to learn in it. */
function makeTable(rows: number): string {
  const lines = ['a,b,c,d,y'];
  for (let i = 0; i < rows; i++) {
    const [a, b, c, d] = [i % 13, (i * 7) % 29, (i * i) % 31, Math.sin(i) * 5];
    lines.push(
      [a, b, c, d.toFixed(3), (a * 2 - b + Math.sqrt(c) + d * d + Math.cos(i * 3)).toFixed(3)].join(','),
    );
  }
  return lines.join('\n');
}

export class FaultRun {
  readonly lines: FaultLine[] = [];
  readonly figures: FaultFigures = {
    server_kills: 0,
    storms: 0,
    child_kills: 0,
    crash_points: 0,
    acknowledged_writes: 0,
    acknowledged_writes_lost: 0,
    writes_nobody_sent: 0,
    sessions: 0,
    sessions_not_complete: 0,
    sessions_that_differ: 0,
    landed_tasks_done_again: 0,
    jobs_without_end: 0,
    orphan_processes: 0,
    orphan_files: 0,
    dangling_files: 0,
    ready_seconds_max: 0,
    ...calm,
  };
  readonly #random: () => number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'athanor-faults-'));
  readonly #tell: (line: FaultLine) => void;
  readonly #rows: number;
  #server: ServerProcess | null = null;
  /** Names of datasets whose creation was acknowledged. */
  readonly #acknowledged = new Set<string>();
  readonly #sent = new Set<string>();
  /** How a build comes out when nothing happens, and how long it takes. */
  #reference: { readonly fingerprint: string; readonly seconds: number } | null = null;
  #datasetId = '';
  #storm: LoopStorm | null = null;
  /** Sessions whose creation was acknowledged and whose end has not been looked at yet. */
  readonly #open = new Set<string>();

  /** @param rows Size of the table that is built from: more rows give builds that take longer. */
  constructor(seed: number, rows: number, tell: (line: FaultLine) => void = () => {}) {
    this.#random = mulberry32(seed);
    this.#rows = rows;
    this.#tell = tell;
  }

  /** Builds once undisturbed: what every disturbed build is compared with. */
  async prepare(): Promise<void> {
    const { client } = await this.#start();
    await client.upload('table.csv', new TextEncoder().encode(makeTable(this.#rows)), 'text/csv');
    const dataset = await client.call('createDataset', { body: { name: 'the table', key: 'table.csv' } });
    this.#datasetId = dataset.albertId;
    this.#note('the table');
    // The first build starts the processes and fills caches; the second one is the reference.
    await this.#finish(client, await this.#createSession(client));
    this.#open.clear();
    const begin = performance.now();
    const fingerprint = await this.#finish(client, await this.#createSession(client));
    this.#reference = { fingerprint, seconds: (performance.now() - begin) / 1000 };
    this.#open.clear();
  }

  /** Kills the server at a random moment of a build while datasets are written, and starts it again. */
  async killServer(): Promise<void> {
    const server = this.#server!;
    const sessionId = await this.#createSession(server.client);
    const moment = this.#random() * this.#reference!.seconds;
    const writing = this.#write(server.client, moment * 1000 + 50);
    await delay(moment * 1000);
    const children = childrenOf(server.pid);
    server.process.kill('SIGKILL');
    await server.exit;
    await writing;
    this.figures.server_kills += 1;
    const landed = this.#readJobs().filter((job) => job.state === 'done');
    await this.#start();
    await this.#expectGone(children);
    const outcome = await this.#compare(sessionId);
    this.#expectNotAgain(landed);
    await this.#expectAcknowledged();
    this.#report({ fault: 'kill -9 of the server', moment: `${moment.toFixed(2)} s`, outcome });
  }

  /** Kills a random job process at a random moment of a build. */
  async killChild(): Promise<void> {
    const { client, pid } = this.#server!;
    const sessionId = await this.#createSession(client);
    const moment = this.#random() * this.#reference!.seconds * 0.8;
    await delay(moment * 1000);
    const children = childrenOf(pid);
    const victim = children[Math.floor(this.#random() * children.length)];
    if (victim !== undefined) {
      process.kill(victim, 'SIGKILL');
      this.figures.child_kills += 1;
    }
    const outcome = await this.#compare(sessionId);
    const fault = victim === undefined ? 'no job process to kill' : 'kill -9 of a job process';
    this.#report({ fault, moment: `${moment.toFixed(2)} s`, outcome });
  }

  /**
   * Starts the server so that it kills itself at a named point, does what leads there, and starts it again without.
   */
  async crashAt(point: string): Promise<void> {
    await this.#stop();
    const crashing = await this.#start({ CRASH_AT: point }).catch((error: unknown) => {
      if (error instanceof ServerEndedError) return null;
      throw error;
    });
    if (crashing !== null) {
      const story = (async () => {
        const { client } = crashing;
        const name = `crash/${point}.csv`;
        await client.upload(name, new TextEncoder().encode(point), 'text/csv');
        const sessionId = await this.#createSession(client);
        await Promise.all([this.#finish(client, sessionId), this.#write(client, 100)]);
        const doomed = await this.#createSession(client);
        this.#open.delete(doomed);
        await client.call('deleteModelSession', { params: { sessionId: doomed } });
      })();
      // The story ends in a lost connection; what matters is what was acknowledged before.
      await Promise.race([story.catch(refuseAnswers), crashing.exit]);
      const end = await Promise.race([crashing.exit, delay(5_000, null)]);
      if (end?.signal !== 'SIGKILL') throw new Error(`the server never came to ${point}`);
      await story.catch(refuseAnswers);
    }
    this.figures.crash_points += 1;
    await this.#start();
    await this.#quiet();
    const outcomes = [];
    for (const sessionId of this.#open) outcomes.push(await this.#compare(sessionId));
    const outcome = outcomes.length === 0 ? 'no session was acknowledged' : outcomes.join(', ');
    await this.#expectAcknowledged();
    this.#report({ fault: 'crash at a named point', moment: point, outcome });
  }

  /**
   * Kills the server while clients go around the loop: at a random moment, or where it comes to a named point first.
   *
   * @param point null for a random moment
   */
  async storm(point: string | null = null): Promise<void> {
    if (this.#storm === null) {
      this.#storm = new LoopStorm(this.#random);
      for (const name of await this.#storm.prepare(this.#server!.client)) this.#note(name);
    }
    if (point !== null) {
      await this.#stop();
      await this.#start({ CRASH_AT: point });
    }
    const server = this.#server!;
    const moment = point === null ? this.#random() * 4 : 60;
    const raging = this.#storm.rage(server.client, moment * 1000 + 50);
    await Promise.race([delay(moment * 1000), server.exit]);
    if (point === null) server.process.kill('SIGKILL');
    const end = await Promise.race([server.exit, delay(5_000, null)]);
    if (end?.signal !== 'SIGKILL') throw new Error(`the server never came to ${point}`);
    await raging;
    this.figures.storms += 1;
    await this.#start();
    await this.#quiet();
    const outcome = await this.#storm.check(this.#server!.client);
    await until(() => this.#readJobs().every(({ state }) => !isOpen(state)), 60).catch(() => {});
    this.figures.jobs_without_end += this.#readJobs().filter(({ state }) => isOpen(state)).length;
    Object.assign(this.figures, this.#storm.figures);
    this.#report({
      fault: 'kill -9 amid the loop',
      moment: point ?? `${moment.toFixed(2)} s`,
      outcome,
    });
  }

  /** Looks at what is left: every blob named by a record, every record's blob there. */
  async end(): Promise<FaultFigures> {
    await this.#stop();
    await this.#start();
    // It looks for leftovers when it is up.
    await until(() => this.#compareBlobs().orphans === 0, 5).catch(() => {});
    await this.#stop();
    const { orphans, dangling } = this.#compareBlobs();
    this.figures.orphan_files = orphans;
    this.figures.dangling_files = dangling;
    rmSync(this.#folder, { recursive: true, force: true });
    return this.figures;
  }

  /** Removes everything, also in the middle of a failure. */
  async abandon(): Promise<void> {
    this.#server?.process.kill('SIGKILL');
    await this.#server?.exit;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #start(environment: Record<string, string> = {}): Promise<ServerProcess> {
    this.#server = null;
    this.#server = await startServerProcess(this.#folder, {}, environment);
    this.figures.ready_seconds_max = Math.max(this.figures.ready_seconds_max, this.#server.readySeconds);
    return this.#server;
  }

  async #stop(): Promise<void> {
    this.#server?.process.kill('SIGTERM');
    await this.#server?.exit;
    this.#server = null;
  }

  async #createSession(client: Client): Promise<string> {
    const { id } = await client.call('createModelSession', {
      body: {
        name: 'under fire',
        category: 'albertModel',
        datasetId: this.#datasetId,
        target: [target],
        buildOptions: { seed: 11 },
      },
    });
    this.figures.sessions += 1;
    this.#open.add(id);
    return id;
  }

  /** Waits for a session's end and gives what must be equal however often it was disturbed. */
  async #finish(client: Client, sessionId: string): Promise<string> {
    await until(async () => {
      const { state } = await client.call('getModelSession', { params: { sessionId } });
      return state === 'Complete' || state === 'Error';
    }, 300);
    const session = await client.call('getModelSession', { params: { sessionId } });
    if (session.state !== 'Complete')
      return `${session.state}: ${JSON.stringify(session.Registry?.BuildLogs)}`;
    const metrics = SessionMetrics.parse(session.Registry!.Metrics);
    const { Items } = await client.call('listModels', { params: { sessionId } });
    const artifacts: string[] = [];
    for (const { name, modelBinaryKey, state } of Items) {
      const query = { name: modelBinaryKey ?? '', namespace: 'breakthrough' } as const;
      artifacts.push(`${name} ${state} ${(await client.call('getFileInfo', { query })).etag}`);
    }
    // Seconds are never equal.
    return JSON.stringify({ metrics, artifacts }, (key, value: unknown) =>
      key === 'fitSeconds' ? 0 : value,
    );
  }

  /** Waits until nothing is built any more, also of sessions whose creation was never acknowledged. */
  async #quiet(): Promise<void> {
    await until(async () => {
      const { Items } = await this.#server!.client.call('listModelSessions', {});
      return Items.every(({ state }) => state === 'Complete' || state === 'Error');
    }, 300);
  }

  async #compare(sessionId: string): Promise<string> {
    const fingerprint = await this.#finish(this.#server!.client, sessionId);
    this.#open.delete(sessionId);
    if (fingerprint === this.#reference!.fingerprint) return 'complete and equal';
    if (fingerprint.startsWith('{')) {
      this.figures.sessions_that_differ += 1;
      return 'complete, but DIFFERENT';
    }
    this.figures.sessions_not_complete += 1;
    return fingerprint;
  }

  /** Creates datasets one after the other until time is up or the server is gone. */
  async #write(client: Client, milliseconds: number): Promise<void> {
    const end = performance.now() + milliseconds;
    while (performance.now() < end) {
      const name = `write ${this.#sent.size}`;
      this.#sent.add(name);
      try {
        await client.call('createDataset', { body: { name } });
      } catch (error) {
        refuseAnswers(error);
        return;
      }
      this.#note(name);
    }
  }

  #note(name: string): void {
    this.#sent.add(name);
    this.#acknowledged.add(name);
    this.figures.acknowledged_writes += 1;
  }

  async #expectAcknowledged(): Promise<void> {
    const present = new Set<string>();
    let startKey: string | undefined;
    do {
      const page = await this.#server!.client.call('listDatasets', {
        query: startKey === undefined ? {} : { startKey },
      });
      for (const { name } of page.Items) present.add(name);
      startKey = page.lastKey;
    } while (startKey !== undefined);
    this.figures.acknowledged_writes_lost += [...this.#acknowledged].filter(
      (name) => !present.has(name),
    ).length;
    this.figures.writes_nobody_sent += [...present].filter((name) => !this.#sent.has(name)).length;
  }

  async #expectGone(children: readonly number[]): Promise<void> {
    await until(() => children.every((pid) => !isAlive(pid)), 5).catch(() => {
      this.figures.orphan_processes += children.filter(isAlive).length;
    });
  }

  /** Jobs that were done before the kill keep the lease they were done under. */
  #expectNotAgain(landed: readonly JobState[]): void {
    const now = new Map(this.#readJobs().map((job) => [job.id, job]));
    this.figures.landed_tasks_done_again += landed.filter(
      (job) => now.get(job.id)?.fence !== job.fence,
    ).length;
  }

  #readJobs(): JobState[] {
    return this.#readDatabase(
      (database) => database.prepare('select id, state, fence from job').all() as JobState[],
    );
  }

  /** Looks into a copy, because the file itself belongs to the server. */
  #readDatabase<T>(read: (database: Sqlite.Database) => T): T {
    const copy = mkdtempSync(join(tmpdir(), 'athanor-copy-'));
    try {
      for (const name of readdirSync(this.#folder).filter((one) => one.startsWith('athanor.sqlite'))) {
        copyFileSync(join(this.#folder, name), join(copy, name));
      }
      const database = new Sqlite(join(copy, 'athanor.sqlite'));
      const result = read(database);
      database.close();
      return result;
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }

  #compareBlobs(): { orphans: number; dangling: number } {
    const stored = new Set(
      readdirSync(join(this.#folder, 'blobs'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name),
    );
    const named = this.#readDatabase(
      (database) =>
        new Set(
          database
            .prepare(
              `select hash from file union select "dataHash" from dataset union select "artifactHash" from model
               union select "dataHash" from "datasetVersion"
               union select "resultHash" from "buildTask" union select "dataHash" from build
               union select "tableHash" from build union select "planHash" from build`,
            )
            .pluck()
            .all()
            .filter((hash) => hash !== null) as string[],
        ),
    );
    const temporary = readdirSync(join(this.#folder, 'temporary')).length;
    return {
      orphans: [...stored].filter((hash) => !named.has(hash)).length + temporary,
      dangling: [...named].filter((hash) => !stored.has(hash)).length,
    };
  }

  #report(line: FaultLine): void {
    this.lines.push(line);
    this.#tell(line);
  }
}

interface JobState {
  readonly id: number;
  readonly state: string;
  readonly fence: number;
}

/** Faults that must not show in anything but themselves. */
export function isFaultless(figures: FaultFigures): boolean {
  return (
    figures.acknowledged_writes_lost +
      figures.writes_nobody_sent +
      figures.sessions_not_complete +
      figures.sessions_that_differ +
      figures.landed_tasks_done_again +
      figures.jobs_without_end +
      figures.orphan_processes +
      figures.orphan_files +
      figures.dangling_files ===
      0 && isCalm(figures)
  );
}

function isOpen(state: string): boolean {
  return state === 'queued' || state === 'running';
}

/** Clients of a killed server lose their connection; an answer that refuses is a fault of its own. */
function refuseAnswers(error: unknown): void {
  if (error instanceof ProblemError) throw error;
}

/** Processes that the server has started. */
function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number),
  );
}

/** A small seeded generator (Tommy Ettinger's mulberry32), so that a run can be repeated. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Points on the way of an upload, a build and a deletion; `:n` is the n-th passage. */
export const crashPoints = [
  'blob.written',
  'blob.synced',
  'blob.renamed',
  'transaction.beforeCommit:1',
  'transaction.beforeCommit:2',
  'transaction.beforeCommit:5',
  'transaction.beforeCommit:20',
  'transaction.afterCommit:1',
  'transaction.afterCommit:2',
  'transaction.afterCommit:5',
  'transaction.afterCommit:20',
  'job.claimed',
  'task.midway',
  'task.stored',
  'task.committed',
  'artifact.stored',
  'garbage.midway',
] as const;

/** Points on the way of insights and added rows. */
export const stormPoints = [
  'rows.stored',
  'insight.stored',
  'transaction.beforeCommit:40',
  'transaction.afterCommit:60',
  'task.committed',
] as const;
