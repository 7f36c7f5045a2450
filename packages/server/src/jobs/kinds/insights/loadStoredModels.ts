import {
  type CalibratedModel,
  EngineError,
  heldOutScores,
  loadSessionModel,
  type SessionModel,
  type Table,
} from '@athanor/engine';
import { type ErrorCode, OutOfFoldReply, type Warning } from '@athanor/schema';
import { ByteCache } from '../../../compute/byteCache.ts';
import { BlobDamagedError, type BlobStore } from '../../../store/blobs/blobStore.ts';

/** A model that a session has built. */
export interface StoredModel {
  /** E.g. `MDL7`. */
  readonly id: string;
  readonly name: string;
  /** Blob of its artifact. */
  readonly hash: string;
  /** Blob of what it said of rows held out; null when that was not kept. */
  readonly outOfFoldHash: string | null;
}

/** The models that candidates shall rest on. */
export interface StoredModels {
  /** The record that has them, e.g. `MDS3`. */
  readonly of: string;
  /** For each target of the objectives the models to ask, the one that answers for the session first. */
  readonly byTarget: Readonly<Record<string, readonly StoredModel[]>>;
  /** Name of the model that answers for the session; null when none does. */
  readonly defaultName: string | null;
  /** The data as they were, by hash, which have only got rows since: how many rows there were. */
  readonly grownFrom: Readonly<Record<string, number>>;
}

/** Which model a target has. */
export interface ChosenModel {
  readonly target: string;
  readonly model: string;
  readonly modelId: string;
}

export interface LoadedModels {
  readonly built: readonly CalibratedModel[];
  readonly chosen: readonly ChosenModel[];
  readonly warnings: readonly Warning[];
}

/** Bytes of artifacts whose models stay ready for the next insight of this process. */
const cacheBytes = 64e6;
const loaded = new ByteCache<SessionModel>(cacheBytes);

/**
 * Reads the models that a session has built, and finds one for every target.
 *
 * @throws EngineError TARGET_UNKNOWN, ARTIFACT_INVALID, FILE_CORRUPTED: each says what to do
 */
export async function loadStoredModels(
  blobs: BlobStore,
  table: Table,
  { of, byTarget, defaultName, grownFrom }: StoredModels,
): Promise<LoadedModels> {
  const models = new Map<string, { stored: StoredModel; model: SessionModel; targets: Set<string> }>();
  const load = async (stored: StoredModel): Promise<SessionModel> => {
    const known = models.get(stored.hash);
    if (known !== undefined) return known.model;
    const model = await read(blobs, stored);
    models.set(stored.hash, { stored, model, targets: new Set() });
    return model;
  };
  const chosen: ChosenModel[] = [];
  const warnings: Warning[] = [];
  for (const [target, candidates] of Object.entries(byTarget)) {
    const seen = new Set<string>();
    let found: StoredModel | null = null;
    for (const stored of candidates) {
      const model = await load(stored);
      for (const { key } of model.targets) seen.add(key);
      if (!model.targets.some(({ key }) => key === target)) continue;
      found = stored;
      break;
    }
    if (found === null) throw noModel(of, target, [...seen]);
    models.get(found.hash)!.targets.add(target);
    chosen.push({ target, model: found.name, modelId: found.id });
    if (defaultName !== null && found.name !== defaultName)
      warnings.push({
        code: 'model_other',
        message: `${defaultName}, the default of ${of}, cannot predict ${target}; ${found.name} does.`,
        column: target,
      });
  }
  const built: CalibratedModel[] = [];
  for (const { stored, model, targets } of models.values()) {
    if (targets.size === 0) continue;
    const rows = grownFrom[model.provenance['dataHash'] ?? ''];
    if (rows === undefined || rows < table.rowCount)
      warnings.push(outdated(stored, rows ?? null, table.rowCount));
    // Rows of data that were put in anew since then are somewhere else.
    const scores = rows === undefined ? null : await readHeldOut(blobs, stored, table.rowCount);
    const own = { ...model, targets: model.targets.filter(({ key }) => targets.has(key)) };
    built.push({ model: own, heldOut: scores });
  }
  return { built, chosen, warnings };
}

async function read(blobs: BlobStore, stored: StoredModel): Promise<SessionModel> {
  const known = loaded.get(stored.hash);
  if (known !== undefined) return known;
  const bytes = await readBlob(blobs, stored, stored.hash);
  try {
    const model = loadSessionModel(bytes);
    loaded.set(stored.hash, model, bytes.length);
    return model;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw unusable(error.code, stored, error.message);
  }
}

async function readBlob(blobs: BlobStore, stored: StoredModel, hash: string): Promise<Uint8Array> {
  try {
    return await blobs.read(hash);
  } catch (error) {
    if (!(error instanceof BlobDamagedError)) throw error;
    throw unusable('FILE_CORRUPTED', stored, 'its stored bytes are missing or have changed');
  }
}

function unusable(code: ErrorCode, { id, name }: StoredModel, reason: string): EngineError {
  const remedy =
    'Build its session anew, or give datasetId alone, without modelSessionId and modelId, to have models fitted.';
  return new EngineError(code, `${name} (${id}) cannot be used: ${reason}. ${remedy}`, {}, remedy);
}

/** Errors on rows held out, in calibrated standard deviations, by row of the table. */
async function readHeldOut(
  blobs: BlobStore,
  stored: StoredModel,
  rowCount: number,
): Promise<CalibratedModel['heldOut']> {
  if (stored.outOfFoldHash === null) return null;
  const text = new TextDecoder().decode(await readBlob(blobs, stored, stored.outOfFoldHash));
  return heldOutScores(OutOfFoldReply.parse(JSON.parse(text)).targets, rowCount);
}

function noModel(of: string, target: string, known: readonly string[]): EngineError {
  const remedy =
    'Build a session with this target, leave the target out, or give datasetId alone to have models fitted for these candidates.';
  return new EngineError(
    'TARGET_UNKNOWN',
    `${of} has no model of ${target}; its models predict ${known.join(', ')}. ${remedy}`,
    { field: 'Registry.Settings.objectives', column: target },
    remedy,
  );
}

function outdated({ id, name }: StoredModel, rows: number | null, now: number): Warning {
  const advice = 'Build the session anew to use all of the data.';
  return rows === null
    ? {
        code: 'model_outdated',
        message: `${name} (${id}) was built on other data than the dataset has now. ${advice}`,
      }
    : {
        code: 'model_outdated',
        message: `${name} (${id}) knows ${rows} of the ${now} rows that the dataset has now. ${advice}`,
        count: now - rows,
      };
}
