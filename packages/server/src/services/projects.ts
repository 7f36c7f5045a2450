import {
  type PatchBody,
  type Project,
  type ProjectCreate,
  ProblemError,
  type SearchBody,
} from '@athanor/schema';
import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { toJson } from '../store/json.ts';
import { formatId, parseRecordId } from '../store/recordId.ts';
import { dependents } from '../store/repositories/dependents.ts';
import { type ProjectRow, projects, toProject } from '../store/repositories/projects.ts';
import { creationStamps, updateStamps } from '../store/stamps.ts';
import type { Store } from '../store/store.ts';
import { takeNumbers } from '../store/takeNumbers.ts';
import { applyPatch, type PatchableAttributes } from './applyPatch.ts';
import type { Caller } from './caller.ts';
import { type Clock, toIso } from './clock.ts';
import { pageSize, type PageWindow, readPage } from './readPage.ts';
import { recordFinder } from './recordFinder.ts';
import { recordAct } from './recordAct.ts';
import { refuseWhileUsed } from './refuseWhileUsed.ts';

const patchable: PatchableAttributes = {
  description: { schema: z.string().min(1).max(2000), isRequired: true },
  state: { schema: z.string().min(1).max(100) },
  grid: { schema: z.enum(['PD', 'WKS']) },
};

/** Projects: no more than a name that datasets, insights and targets hang under. */
export class Projects {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async create(caller: Caller, body: ProjectCreate): Promise<Project> {
    const at = toIso(this.#clock());
    const {
      description,
      class: projectClass,
      prefix,
      grid,
      Locations,
      ACL,
      TaskConfig,
      appEngg,
      Metadata,
    } = body;
    return this.#store.transaction(async (transaction) => {
      const row: ProjectRow = {
        id: await freeNumber(transaction, caller.tenantId),
        tenantId: caller.tenantId,
        description,
        class: projectClass ?? 'private',
        state: null,
        kept: toJson({ prefix, grid, Locations, ACL, TaskConfig, appEngg, Metadata }),
        ...creationStamps(caller, at),
      };
      return insert(transaction, caller, at, row);
    });
  }

  /** Oldest first; `lastKey` is absent on the last page. */
  async list(caller: Caller, startKey: string | undefined): Promise<{ Items: Project[]; lastKey?: string }> {
    const { database } = this.#store;
    const read = (window: PageWindow) => projects.list(database, caller.tenantId, window);
    return readPage('project', startKey, read, toProject);
  }

  async search(
    caller: Caller,
    { text, status, order, offset, limit }: SearchBody,
  ): Promise<{ Items: Project[]; offset: number; total: number }> {
    const start = offset ?? 0;
    // Projects that are no longer active do not exist here.
    const isNone = status !== undefined && status !== null && ![status].flat().includes('active');
    if (isNone) return { Items: [], offset: start, total: 0 };
    const { rows, total } = await projects.search(this.#store.database, caller.tenantId, {
      text: text ?? '',
      order: order ?? 'desc',
      offset: start,
      limit: limit ?? pageSize,
    });
    return { Items: rows.map(toProject), offset: start, total };
  }

  /** @throws ProblemError RECORD_NOT_FOUND. */
  async get(caller: Caller, projectId: string): Promise<Project> {
    return toProject(await findProject(this.#store.database, caller, projectId));
  }

  /** @throws ProblemError of the patch; nothing is changed then. */
  async patch(caller: Caller, projectId: string, patch: PatchBody): Promise<Project> {
    const at = toIso(this.#clock());
    return this.#store.transaction(async (transaction) => {
      const row = await findProject(transaction, caller, projectId);
      const before = toProject(row);
      const changes = applyPatch(before, patch, patchable);
      if (changes.size === 0) return before;
      const kept = { ...(JSON.parse(row.kept) as object) } as Record<string, unknown>;
      if (changes.has('grid')) kept['grid'] = changes.get('grid');
      const fresh: ProjectRow = {
        ...row,
        description: (changes.get('description') as string | undefined) ?? row.description,
        state: changes.has('state') ? ((changes.get('state') as string | undefined) ?? null) : row.state,
        kept: toJson(kept),
        ...updateStamps(caller, at),
      };
      await projects.update(transaction, caller.tenantId, row.id, fresh);
      const after = toProject(fresh);
      const act = { action: 'update', kind: 'project', record: after.albertId, before, after } as const;
      await recordAct(transaction, caller, at, act);
      return after;
    });
  }

  /** @throws ProblemError RECORD_IN_USE while anything hangs under it. */
  async delete(caller: Caller, projectId: string): Promise<void> {
    const at = toIso(this.#clock());
    await this.#store.transaction(async (transaction) => {
      const row = await findProject(transaction, caller, projectId);
      const before = toProject(row);
      refuseWhileUsed('project', await dependents.ofProject(transaction, caller.tenantId, row.id));
      await projects.delete(transaction, caller.tenantId, row.id);
      const act = {
        action: 'delete',
        kind: 'project',
        record: before.albertId,
        before,
        after: null,
      } as const;
      await recordAct(transaction, caller, at, act);
    });
  }
}

/**
 * The number of a project that a record names; the first use of a new id makes the project.
 * @param field Where the id stands in the request
 */
export async function useProject(
  transaction: Database,
  caller: Caller,
  at: string,
  projectId: string,
  field: string,
): Promise<number> {
  const id = parseRecordId('project', projectId);
  if (id === null)
    throw ProblemError.of('FIELD_INVALID', `${field} must look like PRO1`, { field, value: projectId });
  if ((await projects.find(transaction, caller.tenantId, id)) === undefined) {
    await insert(transaction, caller, at, {
      id,
      tenantId: caller.tenantId,
      description: formatId('project', id),
      class: 'private',
      state: null,
      kept: '{}',
      ...creationStamps(caller, at),
    });
  }
  return id;
}

async function insert(transaction: Database, caller: Caller, at: string, row: ProjectRow): Promise<Project> {
  await projects.insert(transaction, row);
  const after = toProject(row);
  const act = { action: 'create', kind: 'project', record: after.albertId, before: null, after } as const;
  await recordAct(transaction, caller, at, act);
  return after;
}

/** The next number that no first use has taken. */
async function freeNumber(transaction: Database, tenantId: number): Promise<number> {
  for (;;) {
    const id = await takeNumbers(transaction, `project:${tenantId}`);
    if ((await projects.find(transaction, tenantId, id)) === undefined) return id;
  }
}

const findProject = recordFinder('project', projects.find, 'path/projectId');
