import { BuildState, type Job, type JobState } from '@athanor/schema';
import { fromJson } from '../store/json.ts';
import { formatId } from '../store/recordId.ts';
import { builds } from '../store/repositories/builds.ts';
import { insights } from '../store/repositories/insights.ts';
import { type JobGroup, jobs } from '../store/repositories/jobs.ts';
import { models } from '../store/repositories/models.ts';
import { modelSessions } from '../store/repositories/modelSessions.ts';
import { smartDatasets } from '../store/repositories/smartDatasets.ts';
import type { Store } from '../store/store.ts';
import type { Builds } from './builds.ts';
import type { Caller } from './caller.ts';
import { registryOf } from './endInsight.ts';

/** Groups that are looked at for one answer, whatever it asks for: more than anybody reads. */
const maxGroups = 2_000;

/** What is said of a job besides its times. */
type Told = Omit<Job, 'id' | 'queuedAt' | 'startedAt' | 'endedAt'>;

const stateOfBuild: Readonly<Record<string, JobState>> = {
  queued: 'waiting',
  running: 'running',
  complete: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
};
const order: readonly JobState[] = ['running', 'waiting', 'done', 'failed', 'cancelled'];

/** What the server works on, for whoever wonders. */
export class Jobs {
  readonly #store: Store;
  readonly #builds: Builds;

  constructor(store: Store, builds: Builds) {
    this.#store = store;
    this.#builds = builds;
  }

  /** What runs, then what waits, oldest first, then what ended in the last days, newest first. */
  async list(caller: Caller, states: readonly JobState[], limit: number): Promise<Job[]> {
    const groups = await jobs.listGroups(this.#store.database, caller.tenantId, maxGroups);
    const found: Job[] = [];
    for (const group of groups) {
      if (found.length >= limit) break;
      const told = await this.#tell(caller.tenantId, group);
      if (told === null || (states.length > 0 && !states.includes(told.state))) continue;
      const isOver = order.indexOf(told.state) > 1;
      const { queuedAt, startedAt, endedAt } = group;
      found.push({ id: group.group, ...told, queuedAt, startedAt, endedAt: isOver ? endedAt : null });
    }
    const rank = ({ state }: Job): number => Math.min(2, order.indexOf(state));
    const moment = ({ endedAt, queuedAt }: Job): number =>
      endedAt === null ? Date.parse(queuedAt) : -Date.parse(endedAt);
    return found.sort((a, b) => rank(a) - rank(b) || moment(a) - moment(b));
  }

  /** Null for what is gone. */
  async #tell(tenantId: number, group: JobGroup): Promise<Told | null> {
    const [kind, number] = group.group.split(':');
    const id = Number(number);
    if (kind === 'build') return this.#tellBuild(tenantId, id);
    if (kind === 'insight') return this.#tellInsight(tenantId, id, group);
    return this.#tellSmartDataset(tenantId, id, group);
  }

  async #tellBuild(tenantId: number, id: number): Promise<Told | null> {
    const { database } = this.#store;
    const build = await builds.find(database, id);
    if (build === undefined || build.tenantId !== tenantId) return null;
    const session =
      build.sessionId === null ? undefined : await modelSessions.find(database, tenantId, build.sessionId);
    const model = build.modelId === null ? undefined : await models.find(database, tenantId, build.modelId);
    const subject = model ?? session;
    if (subject === undefined) return null;
    const state = stateOfBuild[build.status]!;
    const recordState = BuildState.parse(subject.state ?? 'Queued');
    const isRunning = state === 'running';
    if (isRunning) await this.#builds.show(database, build);
    const progress = isRunning ? this.#builds.board.progressOf(build.id, recordState) : null;
    const last = state === 'failed' ? (await builds.listLog(database, build.id)).at(-1)?.line : undefined;
    const sessionId = session === undefined ? null : formatId('modelSession', session.id);
    return {
      kind: 'build',
      subject:
        model === undefined
          ? { id: sessionId!, kind: 'modelSession', name: subject.name }
          : { id: formatId('model', model.id), kind: 'model', name: subject.name },
      state,
      recordState,
      stage: progress?.stage ?? '',
      progress: state === 'done' ? 1 : (progress?.fraction ?? null),
      remainingSeconds: progress?.remainingSeconds ?? null,
      failure: last?.code === undefined ? null : { code: last.code, message: last.message },
      by: formatId('user', subject.updatedBy),
      byName: subject.updatedByName,
      cancelPath:
        (state === 'running' || state === 'waiting') && sessionId !== null
          ? `/btmodel/${sessionId}/cancel`
          : null,
    };
  }

  async #tellInsight(tenantId: number, id: number, group: JobGroup): Promise<Told | null> {
    const row = await insights.find(this.#store.database, tenantId, id);
    if (row === undefined) return null;
    const lines = (registryOf(row).BuildLogs?.['lines'] ?? []) as {
      stage?: string;
      code?: string;
      message?: string;
    }[];
    const last = lines.at(-1);
    const isOpen = group.running + group.waiting > 0;
    const hasFailed = row.state === 'Error' && row.isOurs === 1;
    const state: JobState = isOpen
      ? group.running > 0
        ? 'running'
        : 'waiting'
      : hasFailed
        ? last?.code === 'CANCELLED'
          ? 'cancelled'
          : 'failed'
        : // One that was patched after it was done is the client's own, and done all the same.
          row.isOurs === 1 || row.state === 'Complete'
          ? 'done'
          : 'cancelled';
    const insightId = formatId('insight', row.id);
    return {
      kind: 'insight',
      subject: { id: insightId, kind: 'insight', name: row.name },
      state,
      ...(row.state === null ? {} : { recordState: BuildState.parse(row.state) }),
      stage: state === 'running' ? (last?.message ?? '') : '',
      progress: state === 'done' ? 1 : null,
      remainingSeconds: null,
      failure: state === 'failed' ? { code: last?.code ?? 'INTERNAL', message: last?.message ?? '' } : null,
      by: formatId('user', row.createdBy),
      byName: row.createdByName,
      cancelPath: isOpen ? `/btinsight/${insightId}/cancel` : null,
    };
  }

  async #tellSmartDataset(tenantId: number, id: number, group: JobGroup): Promise<Told | null> {
    const row = await smartDatasets.find(this.#store.database, tenantId, id);
    if (row === undefined) return null;
    const isOpen = group.running + group.waiting > 0;
    const failure = fromJson<{ code: string; message: string } | null>(row.failure);
    const state: JobState = isOpen
      ? group.running > 0
        ? 'running'
        : 'waiting'
      : row.isOurs === 0
        ? 'cancelled'
        : row.buildState === 'failed'
          ? 'failed'
          : 'done';
    const smartDatasetId = formatId('smartDataset', row.id);
    return {
      kind: 'smartDataset',
      subject: { id: smartDatasetId, kind: 'smartDataset', name: smartDatasetId },
      state,
      stage: state === 'running' ? 'Joining the experiments' : '',
      progress: state === 'done' ? 1 : null,
      remainingSeconds: null,
      failure: state === 'failed' ? failure : null,
      by: formatId('user', row.updatedBy),
      byName: row.updatedByName,
      cancelPath: null,
    };
  }
}
