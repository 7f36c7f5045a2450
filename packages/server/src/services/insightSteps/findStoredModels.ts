import {
  type Insight,
  ProblemError,
  SessionMetrics,
  type SessionRegistry,
  type Warning,
} from '@athanor/schema';
import type { StoredModel, StoredModels } from '../../jobs/kinds/insights/loadStoredModels.ts';
import type { Database } from '../../store/database.ts';
import { fromJson } from '../../store/json.ts';
import { formatId, parseRecordId } from '../../store/recordId.ts';
import type { DatasetRow } from '../../store/repositories/datasets.ts';
import { datasetVersions } from '../../store/repositories/datasetVersions.ts';
import { files } from '../../store/repositories/files.ts';
import { type ModelRow, models } from '../../store/repositories/models.ts';
import { type ModelSessionRow, modelSessions } from '../../store/repositories/modelSessions.ts';
import { outOfFoldKey } from '../buildSteps/keepModelFiles.ts';
import { requireArtifact } from '../models.ts';

export interface FoundModels {
  /** Null when the insight names neither model nor session, or none of the session's models can be run here. */
  readonly models: StoredModels | null;
  /** What they predict, i.e. what was named a target when they were built. */
  readonly targets: readonly string[];
  readonly warnings: readonly Warning[];
}

/**
 * The models that the candidates of an insight rest on: the one that it names, else those of its session, the default
 * first and then by their score on rows held out.
 *
 * @throws ProblemError MODEL_NOT_READY, MODEL_NOT_PREDICTABLE, RECORD_NOT_FOUND
 */
export async function findStoredModels(
  database: Database,
  tenantId: number,
  { modelId, modelSessionId }: Insight,
  dataset: DatasetRow,
  targets: readonly string[],
): Promise<FoundModels> {
  const grownFrom = await listGrowth(database, dataset);
  if (modelId !== undefined) {
    const row = await findRow(modelId, 'model', (id) => models.find(database, tenantId, id));
    const model = await storedModel(database, row, requireArtifact(row));
    const byTarget = Object.fromEntries(targets.map((target) => [target, [model]]));
    const found = { of: modelId, byTarget, defaultName: null, grownFrom };
    return { models: found, targets: targetsOf([row]), warnings: [] };
  }
  if (modelSessionId === undefined) return { models: null, targets, warnings: [] };
  const session = await findRow(modelSessionId, 'modelSession', (id) =>
    modelSessions.find(database, tenantId, id),
  );
  const all = await models.listOfSession(database, tenantId, session.id);
  const runnable: { row: ModelRow; model: StoredModel }[] = [];
  for (const row of all) {
    const hash = artifactOf(row);
    if (hash !== null) runnable.push({ row, model: await storedModel(database, row, hash) });
  }
  if (runnable.length === 0) {
    if (all.some(({ state }) => state === 'Error')) throw notBuilt(modelSessionId, session);
    return { models: null, targets, warnings: [fittedInstead(modelSessionId)] };
  }
  const scores = scoresOf(session, all);
  const isDefault = ({ row }: { row: ModelRow }): boolean => row.name === session.defaultModel;
  const byTarget = Object.fromEntries(
    targets.map((target) => {
      const scoreOf = ({ row }: { row: ModelRow }): number => scores(row, target) ?? Infinity;
      const order = [...runnable].sort(
        (a, b) =>
          Number(isDefault(b)) - Number(isDefault(a)) ||
          // The difference of two infinities is no number.
          (scoreOf(a) === scoreOf(b) ? a.row.id - b.row.id : scoreOf(a) - scoreOf(b)),
      );
      return [target, order.map(({ model }) => model)];
    }),
  );
  return {
    models: { of: modelSessionId, byTarget, defaultName: session.defaultModel, grownFrom },
    targets: targetsOf(all),
    warnings: [],
  };
}

function targetsOf(rows: readonly ModelRow[]): string[] {
  return [...new Set(rows.flatMap(({ target }) => fromJson<string[] | null>(target) ?? []))];
}

async function findRow<Row>(
  id: string,
  kind: 'model' | 'modelSession',
  find: (id: number) => Promise<Row | undefined>,
): Promise<Row> {
  const number = parseRecordId(kind, id);
  const row = number === null ? undefined : await find(number);
  if (row === undefined) throw ProblemError.of('RECORD_NOT_FOUND', `${id} is gone.`);
  return row;
}

/** Hash of the artifact; null for a model that cannot be run here. */
function artifactOf(row: ModelRow): string | null {
  try {
    return requireArtifact(row);
  } catch (error) {
    if (error instanceof ProblemError) return null;
    throw error;
  }
}

async function storedModel(database: Database, row: ModelRow, hash: string): Promise<StoredModel> {
  const key = { tenantId: row.tenantId, namespace: 'breakthrough', name: outOfFoldKey(row) };
  const outOfFoldHash = (await files.find(database, key))?.hash ?? null;
  return { id: formatId('model', row.id), name: row.name, hash, outOfFoldHash };
}

/** CRPS of a model for a target on rows held out, as far as the registries of the session and of its models tell. */
function scoresOf(
  session: ModelSessionRow,
  all: readonly ModelRow[],
): (row: ModelRow, target: string) => number | undefined {
  const known = new Map<string, number>();
  const note = (metrics: unknown, nameOf: (name: string) => string): void => {
    const parsed = SessionMetrics.safeParse(metrics);
    for (const { target, leaderboard } of parsed.data?.targets ?? [])
      for (const { model, metrics: own } of leaderboard)
        known.set(JSON.stringify([nameOf(model), target]), own.crps);
  };
  note(fromJson<SessionRegistry | null>(session.registry)?.Metrics, (name) => name);
  for (const { name, metadata } of all)
    note(fromJson<{ Metrics?: unknown } | null>(metadata)?.Metrics, () => name);
  return ({ name }, target) => known.get(JSON.stringify([name, target]));
}

/** Data hashes of the dataset from which it has only got rows since, itself included: rows by hash. */
async function listGrowth(database: Database, dataset: DatasetRow): Promise<Record<string, number>> {
  const growth: Record<string, number> = {};
  for (const { dataHash, rowCount, rowsAdded } of await datasetVersions.list(database, dataset.id)) {
    growth[dataHash] ??= rowCount;
    if (rowsAdded === null) break;
  }
  return growth;
}

function notBuilt(modelSessionId: string, { state }: ModelSessionRow): ProblemError {
  return ProblemError.of(
    'MODEL_NOT_READY',
    `${modelSessionId} has no model that can predict; its state is ${state}. Build it anew, or give datasetId alone, without modelSessionId, to have models fitted for these candidates.`,
  );
}

function fittedInstead(modelSessionId: string): Warning {
  return {
    code: 'models_fitted',
    message: `No model of ${modelSessionId} can be run here, so models were fitted for these candidates; their predictions are not those of the session.`,
  };
}
