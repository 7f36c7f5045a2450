import type { Target, TargetCreate } from '@athanor/schema';
import { toJson, toJsonOrNull } from '../store/json.ts';
import { formatId, parseRecordId } from '../store/recordId.ts';
import { dependents } from '../store/repositories/dependents.ts';
import { type TargetRow, targets, toTarget } from '../store/repositories/targets.ts';
import { creationStamps } from '../store/stamps.ts';
import type { Store } from '../store/store.ts';
import { takeNumbers } from '../store/takeNumbers.ts';
import type { Caller } from './caller.ts';
import { type Clock, toIso } from './clock.ts';
import { type PageWindow, readPage } from './readPage.ts';
import { recordFinder } from './recordFinder.ts';
import { useProject } from './projects.ts';
import { recordAct } from './recordAct.ts';
import { refuseWhileUsed } from './refuseWhileUsed.ts';

/** Targets: what is wanted of a measured property, and under which conditions it is measured. */
export class Targets {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async create(caller: Caller, body: TargetCreate): Promise<Target> {
    const at = toIso(this.#clock());
    return this.#store.transaction(async (transaction) => {
      const { parentId } = body;
      const row: TargetRow = {
        id: await takeNumbers(transaction, 'target'),
        tenantId: caller.tenantId,
        name: body.name,
        parentId:
          parentId === undefined
            ? null
            : await useProject(transaction, caller, at, parentId, 'body/parentId'),
        dataTemplateId: body.dataTemplateId,
        dataColumnId: body.dataColumnId,
        unitId: body.unitId ?? null,
        parameters: toJsonOrNull(body.parameters),
        targetValue: toJson(body.targetValue),
        isRequired: body.isRequired ? 1 : 0,
        validation: toJsonOrNull(body.validation),
        ...creationStamps(caller, at),
      };
      await targets.insert(transaction, row);
      const after = toTarget(row);
      const act = { action: 'create', kind: 'target', record: after.id, before: null, after } as const;
      await recordAct(transaction, caller, at, act);
      return after;
    });
  }

  /** Oldest first; `lastKey` is absent on the last page. */
  async list(
    caller: Caller,
    { startKey, parentId }: { startKey?: string | undefined; parentId?: string | undefined },
  ): Promise<{ Items: Target[]; lastKey?: string }> {
    // An id that cannot be one has no targets.
    const filter = parentId === undefined ? {} : { parentId: parseRecordId('project', parentId) ?? 0 };
    const read = (window: PageWindow) =>
      targets.list(this.#store.database, caller.tenantId, { ...window, ...filter });
    return readPage('target', startKey, read, toTarget);
  }

  /** Those that exist, each once. */
  async listById(caller: Caller, ids: readonly string[]): Promise<Target[]> {
    const numbers = new Set(ids.map((id) => parseRecordId('target', id)).filter((id) => id !== null));
    return (await targets.findMany(this.#store.database, caller.tenantId, [...numbers])).map(toTarget);
  }

  /** @throws ProblemError RECORD_NOT_FOUND. */
  async get(caller: Caller, targetId: string): Promise<Target> {
    return toTarget(await findTarget(this.#store.database, caller, targetId));
  }

  /** @throws ProblemError RECORD_IN_USE while the scope of a smart dataset names it. */
  async delete(caller: Caller, targetId: string): Promise<void> {
    const at = toIso(this.#clock());
    await this.#store.transaction(async (transaction) => {
      const row = await findTarget(transaction, caller, targetId);
      refuseWhileUsed('target', await dependents.ofTarget(transaction, caller.tenantId, row.id));
      await targets.delete(transaction, caller.tenantId, row.id);
      const record = formatId('target', row.id);
      const act = { action: 'delete', kind: 'target', record, before: toTarget(row), after: null } as const;
      await recordAct(transaction, caller, at, act);
    });
  }
}

const findTarget = recordFinder('target', targets.find, 'path/targetId');
