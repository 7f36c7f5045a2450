import {
  type BuildOptions,
  ProblemError,
  type SessionSpace,
  type SpaceCheck,
  type SpaceCheckRequest,
} from '@athanor/schema';
import type { ComputeThread } from '../compute/computeThread.ts';
import type { SessionColumns } from '../compute/sessionSpace.ts';
import type { TableSource } from '../compute/tableSource.ts';
import { fromJson } from '../store/json.ts';
import { builds } from '../store/repositories/builds.ts';
import { datasets } from '../store/repositories/datasets.ts';
import type { Store } from '../store/store.ts';
import { orderOf } from './builds.ts';
import type { Caller } from './caller.ts';
import { tableSourceOf } from './datasets.ts';
import { findSession } from './modelSessions.ts';

/** Search spaces on the data of sessions. */
export class SessionSpaces {
  readonly #store: Store;
  readonly #compute: ComputeThread;

  constructor(store: Store, compute: ComputeThread) {
    this.#store = store;
    this.#compute = compute;
  }

  /** What the data span. @throws ProblemError DATASET_WITHOUT_DATA, SPACE_INVALID without any input. */
  async infer(caller: Caller, sessionId: string): Promise<SessionSpace> {
    const { source, columns } = await this.#dataOf(caller, sessionId);
    return this.#compute.inferSpace(source, columns);
  }

  /** What a space means, and whether anything is in it. @throws ProblemError SPACE_INVALID, SPACE_UNDECIDED. */
  async check(caller: Caller, sessionId: string, { space }: SpaceCheckRequest): Promise<SpaceCheck> {
    const { source, columns } = await this.#dataOf(caller, sessionId);
    return this.#compute.checkSpace(source, columns, space);
  }

  /** What the session was built from, or would be. */
  async #dataOf(
    caller: Caller,
    sessionId: string,
  ): Promise<{ source: TableSource; columns: SessionColumns }> {
    const { database } = this.#store;
    const session = await findSession(database, caller, sessionId);
    const build = await builds.findLatest(database, session.tenantId, session.id);
    if (build !== undefined) {
      const { source, ...columns } = orderOf(build);
      return { source, columns };
    }
    const dataset = await datasets.find(database, session.tenantId, session.datasetId);
    const source = dataset === undefined ? null : tableSourceOf(dataset);
    if (source === null) throw ProblemError.of('DATASET_WITHOUT_DATA', 'The dataset has no data yet.');
    const { ignore = [], group = null } = fromJson<BuildOptions>(session.buildOptions);
    return { source, columns: { targets: fromJson<string[]>(session.target), ignore, group } };
  }
}
