import {
  BuildState,
  type Insight,
  type InsightCategory,
  type InsightCreate,
  InsightPayloadType,
  InsightRegistry,
  type InsightSortKey,
  type PatchBody,
  ProblemError,
} from '@athanor/schema';
import { z } from 'zod';
import type { Queue } from '../jobs/queue.ts';
import type { BlobStore } from '../store/blobs/blobStore.ts';
import type { Database } from '../store/database.ts';
import { fromJson, toJson, toJsonOrNull } from '../store/json.ts';
import { formatId, parseRecordId } from '../store/recordId.ts';
import { files } from '../store/repositories/files.ts';
import {
  type InsightFilter,
  insightJson,
  type InsightRow,
  insights,
  toInsight,
} from '../store/repositories/insights.ts';
import { type InsightFacet, insightText } from '../store/repositories/insightText.ts';
import { models } from '../store/repositories/models.ts';
import { creationStamps, updateStamps } from '../store/stamps.ts';
import type { Store } from '../store/store.ts';
import { takeNumbers } from '../store/takeNumbers.ts';
import { applyPatch, type PatchableAttributes, type PatchedValues } from './applyPatch.ts';
import type { BuiltRecord } from './builds.ts';
import type { Caller } from './caller.ts';
import { type Clock, toIso } from './clock.ts';
import { endInsight, registryOf, withLine } from './endInsight.ts';
import { findDataset } from './datasets.ts';
import { allInsightOutputKeys } from './insightOutputKey.ts';
import { insightTags } from './insightTags.ts';
import { collectAfterCommit } from './keepBlobs.ts';
import { findSession } from './modelSessions.ts';
import { notFound } from './notFound.ts';
import { recordFinder } from './recordFinder.ts';
import { useProject } from './projects.ts';
import { groupOfInsight, queueInsight } from './queueInsight.ts';
import { recordAct } from './recordAct.ts';
import { requireMayDelete } from './requireMayDelete.ts';
import { findSmartDataset } from './findSmartDataset.ts';

const freeText = { schema: z.string().max(200) };
const freeForm = { schema: z.record(z.string(), z.unknown()) };

const patchable: PatchableAttributes = {
  name: { schema: z.string().min(1).max(500), isRequired: true },
  state: { schema: BuildState },
  Metadata: freeForm,
  outputKey: { schema: z.string().max(1024) },
  startTime: freeText,
  endTime: freeText,
  totalTime: freeText,
  RawPayload: freeForm,
  contentEdited: { schema: z.boolean() },
  payloadType: { schema: InsightPayloadType },
  Registry: { schema: InsightRegistry },
};

/** What a search may ask for, as it comes in a query. */
export interface InsightQuery {
  readonly text?: string | undefined;
  readonly name: readonly string[];
  readonly state: readonly BuildState[];
  readonly category: readonly InsightCategory[];
  readonly createdBy: readonly string[];
  readonly updatedBy: readonly string[];
  readonly fromCreatedAt?: string | undefined;
  readonly toCreatedAt?: string | undefined;
  readonly fromUpdatedAt?: string | undefined;
  readonly toUpdatedAt?: string | undefined;
  readonly modelSession: readonly string[];
  readonly tag: readonly string[];
  readonly order: 'asc' | 'desc';
  readonly sortBy: InsightSortKey;
  readonly offset: number;
  readonly limit: number;
}

/**
 * Insights. One that is posted as `Queued` is computed here; one in any other state, and every one that a client
 * has patched since, is the client's own and no computation touches it.
 */
export class Insights {
  readonly #store: Store;
  readonly #blobs: BlobStore;
  readonly #queue: Queue;
  readonly #clock: Clock;
  /** Stops the processes that work for a group; the runner sets it. */
  stopJobs: (group: string) => void = () => {};
  /** Called when nobody computes an insight any more, in the transaction that ends it. */
  onEnded: (transaction: Database, insightId: number) => Promise<void> = async () => {};

  constructor(store: Store, blobs: BlobStore, queue: Queue, clock: Clock) {
    this.#store = store;
    this.#blobs = blobs;
    this.#queue = queue;
    this.#clock = clock;
  }

  /** @throws ProblemError RECORD_NOT_FOUND for records it names. */
  async create(caller: Caller, body: InsightCreate): Promise<Insight> {
    const at = toIso(this.#clock());
    return this.#store.transaction(async (transaction) => {
      const { parentId, datasetId, modelSessionId, modelId, smartDatasetId } = body;
      const row: InsightRow = {
        id: await takeNumbers(transaction, 'insight'),
        tenantId: caller.tenantId,
        name: body.name,
        category: body.category,
        state: body.state ?? null,
        parentId:
          parentId === undefined
            ? null
            : await useProject(transaction, caller, at, parentId, 'body/parentId'),
        datasetId:
          datasetId === undefined
            ? null
            : (await findDataset(transaction, caller, datasetId, 'body/datasetId')).id,
        modelSessionId:
          modelSessionId === undefined
            ? null
            : (await findSession(transaction, caller, modelSessionId, 'body/modelSessionId')).id,
        modelId: modelId === undefined ? null : await this.#findModel(transaction, caller, modelId),
        smartDatasetId:
          smartDatasetId === undefined
            ? null
            : (await findSmartDataset(transaction, caller, smartDatasetId, 'body/smartDatasetId')).id,
        metadata: toJsonOrNull(body.Metadata),
        outputKey: body.outputKey ?? null,
        startTime: body.startTime ?? null,
        endTime: body.endTime ?? null,
        totalTime: body.totalTime ?? null,
        rawPayload: toJsonOrNull(body.RawPayload),
        payloadType: body.payloadType ?? null,
        registry: toJsonOrNull(body.Registry),
        contentEdited: body.contentEdited === undefined ? null : body.contentEdited ? 1 : 0,
        isOurs: body.state === 'Queued' ? 1 : 0,
        ...creationStamps(caller, at),
      };
      await insights.insert(transaction, row, insightTags(body.Metadata));
      await insightText.put(transaction, row);
      if (row.isOurs === 1) {
        await queueInsight(transaction, this.#queue, row);
      }
      const after = toInsight(row);
      const act = { action: 'create', kind: 'insight', record: after.albertId, before: null, after } as const;
      await recordAct(transaction, caller, at, act);
      return after;
    });
  }

  /** @returns JSON text of the record @throws ProblemError RECORD_NOT_FOUND. */
  async get(caller: Caller, insightId: string): Promise<string> {
    return insightJson(await findInsight(this.#store.database, caller, insightId));
  }

  /** @returns JSON text of `{Items, offset, total}` */
  async search(caller: Caller, query: InsightQuery): Promise<string> {
    const { offset, sortBy, order, limit } = query;
    const filter = this.#filterOf(caller, query);
    const { rows, total } =
      filter === null
        ? { rows: [], total: 0 }
        : await insights.search(this.#store.database, caller.tenantId, filter, {
            sortBy,
            order,
            offset,
            limit,
          });
    return `{"Items":[${rows.map(insightJson).join(',')}],"offset":${offset},"total":${total}}`;
  }

  /** Changes attributes; from then on the client drives the record. @throws ProblemError of the patch. */
  async patch(caller: Caller, insightId: string, patch: PatchBody): Promise<Insight> {
    const at = toIso(this.#clock());
    return this.#store.transaction(async (transaction) => {
      const row = await findInsight(transaction, caller, insightId);
      const before = toInsight(row);
      const changes = applyPatch(before, patch, patchable);
      if (changes.size === 0) return before;
      const fresh: InsightRow = {
        ...row,
        ...changedColumns(changes),
        isOurs: 0,
        ...updateStamps(caller, at),
      };
      if (row.isOurs === 1) await this.#stop(transaction, row);
      const tags = insightTags(fromJson<Record<string, unknown>>(fresh.metadata) ?? undefined);
      await insights.update(transaction, caller.tenantId, row.id, fresh, tags);
      await insightText.put(transaction, fresh);
      const after = toInsight(fresh);
      const act = { action: 'update', kind: 'insight', record: after.albertId, before, after } as const;
      await recordAct(transaction, caller, at, act);
      return after;
    });
  }

  /** Takes its result along, bytes included, and stops its computation. */
  async delete(caller: Caller, insightId: string): Promise<void> {
    const at = toIso(this.#clock());
    await this.#store.transaction(async (transaction) => {
      const row = await findInsight(transaction, caller, insightId);
      requireMayDelete(caller, row);
      await this.#stop(transaction, row);
      const { tenantId } = caller;
      const hashes: string[] = [];
      for (const name of allInsightOutputKeys(row.id))
        hashes.push(...(await files.delete(transaction, { tenantId, namespace: 'breakthrough', name })));
      await insightText.remove(transaction, row.id);
      await insights.delete(transaction, caller.tenantId, row.id);
      collectAfterCommit(this.#store, this.#blobs, transaction, hashes);
      const record = formatId('insight', row.id);
      const act = { action: 'delete', kind: 'insight', record, before: toInsight(row), after: null } as const;
      await recordAct(transaction, caller, at, act);
    });
  }

  /** Stops the computation; the record ends as `Error`. @throws ProblemError BUILD_NOT_RUNNING. */
  async cancel(caller: Caller, insightId: string): Promise<Insight> {
    return this.#store.transaction(async (transaction) =>
      this.cancelWithin(transaction, caller, await findInsight(transaction, caller, insightId)),
    );
  }

  /** The same as a part of something else. @throws ProblemError BUILD_NOT_RUNNING. */
  async cancelWithin(transaction: Database, caller: Caller, row: InsightRow): Promise<Insight> {
    const now = this.#clock();
    const open = await insights.lockOurs(transaction, row.id);
    if (open === undefined) throw ProblemError.of('BUILD_NOT_RUNNING', 'There is no computation to cancel.');
    await this.#stop(transaction, row);
    const message = `Cancelled by ${caller.userName}`;
    const registry = withLine(registryOf(row), now, { stage: 'state', code: 'CANCELLED', message });
    const fresh = await endInsight(transaction, row, now, { state: 'Error', registry: toJson(registry) });
    const after = toInsight(fresh);
    const before = toInsight(row);
    const act = { action: 'cancel', kind: 'insight', record: after.albertId, before, after } as const;
    await recordAct(transaction, caller, toIso(now), act);
    return after;
  }

  /** What insights waited for is built, or never will be: they are computed now, or end with the reason. */
  async goOn(transaction: Database, of: BuiltRecord): Promise<void> {
    for (const row of await insights.listBegun(transaction, of)) {
      const isAtWork = await this.#queue.hasOpen(transaction, groupOfInsight(row.id));
      if (!isAtWork) await queueInsight(transaction, this.#queue, row);
    }
  }

  async #stop(transaction: Database, { id }: InsightRow): Promise<void> {
    await this.#queue.cancelGroup(transaction, groupOfInsight(id));
    await this.onEnded(transaction, id);
    this.#store.afterCommit(transaction, () => this.stopJobs(groupOfInsight(id)));
  }

  async #findModel(transaction: Database, caller: Caller, modelId: string): Promise<number> {
    const id = parseRecordId('model', modelId);
    const row = id === null ? undefined : await models.find(transaction, caller.tenantId, id);
    if (row === undefined) throw notFound('model', 'body/modelId');
    return row.id;
  }

  /** Null when nothing can be found. */
  #filterOf(caller: Caller, query: InsightQuery): InsightFilter | null {
    const text = query.text?.trim() ?? '';
    const sessions = query.modelSession.map((id) => parseRecordId('modelSession', id));
    const facets: InsightFacet[] = [
      { name: 'name', values: query.name },
      { name: 'state', values: query.state },
      { name: 'category', values: query.category },
      { name: 'creator', values: query.createdBy.map(userWord) },
      { name: 'updater', values: query.updatedBy.map(userWord) },
      // What cannot be a session has no insights.
      { name: 'session', values: sessions.map((id) => String(id ?? 0)) },
      { name: 'tag', values: query.tag },
    ];
    const used = facets.filter(({ values }) => values.length > 0);
    const [only] = used;
    // One field that has an index of its own is counted faster by that.
    const isSimple =
      text === '' && used.length === 1 && (only!.name === 'state' || only!.name === 'category');
    const isNone = text === '' && used.length === 0;
    const match = isSimple || isNone ? null : insightText.matchOf(caller.tenantId, text, facets);
    if (match === null && !isSimple && !isNone) return null;
    return {
      match,
      field: isSimple ? { column: only!.name as 'state' | 'category', values: only!.values } : null,
      created: spanOf(query.fromCreatedAt, query.toCreatedAt),
      updated: spanOf(query.fromUpdatedAt, query.toUpdatedAt),
    };
  }
}

/** @throws ProblemError RECORD_NOT_FOUND. */
export const findInsight = recordFinder('insight', insights.find, 'path/insightId');

/** Users are found by id, in either case of letters, or by the name they had. */
function userWord(word: string): string {
  return parseRecordId('user', word) === null ? word : word.toUpperCase();
}

/** A day begins with its first moment and ends with its last; a time without a zone is in UTC. */
function spanOf(
  from: string | undefined,
  to: string | undefined,
): { from: string | null; to: string | null } {
  const instant = (text: string | undefined, time: string): string | null => {
    if (text === undefined) return null;
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return `${text}T${time}Z`;
    const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text);
    return new Date(hasZone ? text : `${text}Z`).toISOString();
  };
  return { from: instant(from, '00:00:00.000'), to: instant(to, '23:59:59.999') };
}

function changedColumns(changes: PatchedValues): Partial<InsightRow> {
  const columns: Partial<InsightRow> = {};
  for (const [attribute, value] of changes) {
    switch (attribute) {
      case 'name':
        columns.name = value as string;
        break;
      case 'state':
      case 'outputKey':
      case 'startTime':
      case 'endTime':
      case 'totalTime':
      case 'payloadType':
        columns[attribute] = (value as string | undefined) ?? null;
        break;
      case 'contentEdited':
        columns.contentEdited = value === undefined ? null : value === true ? 1 : 0;
        break;
      case 'Metadata':
        columns.metadata = toJsonOrNull(value);
        break;
      case 'RawPayload':
        columns.rawPayload = toJsonOrNull(value);
        break;
      case 'Registry':
        columns.registry = toJsonOrNull(value);
        break;
      default:
        throw new TypeError(`no column holds ${attribute}`);
    }
  }
  return columns;
}
