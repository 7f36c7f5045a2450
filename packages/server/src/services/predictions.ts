import { ProblemError } from '@athanor/schema';
import type { ComputeThread, PredictableModel } from '../compute/computeThread.ts';
import { formatId, parseRecordId } from '../store/recordId.ts';
import { modelSessions } from '../store/repositories/modelSessions.ts';
import { models, type PredictableRow } from '../store/repositories/models.ts';
import type { Store } from '../store/store.ts';
import type { Caller } from './caller.ts';
import { findModel, requireArtifact } from './models.ts';
import { notFound } from './notFound.ts';

/** Predictions by models that Athanor built. Requests stay bytes here; the compute thread reads and answers them. */
export class Predictions {
  readonly #store: Store;
  readonly #compute: ComputeThread;

  constructor(store: Store, compute: ComputeThread) {
    this.#store = store;
    this.#compute = compute;
  }

  /**
   * @param body JSON bytes of a PredictRequest without `model`
   * @returns JSON bytes of a PredictReply
   * @throws ProblemError of the body, MODEL_NOT_READY, MODEL_NOT_PREDICTABLE, or of the engine.
   */
  async withModel(caller: Caller, modelId: string, body: Buffer): Promise<Uint8Array> {
    const model = await findModel(this.#store.database, caller, 'anywhere', modelId);
    const hash = requireArtifact(model);
    return this.#compute.predict([{ ...nameOf(model), hash, isDefault: true }], body, false);
  }

  /**
   * Like `withModel`, with the session's default model or the one named in the body.
   */
  async withSession(caller: Caller, sessionId: string, body: Buffer): Promise<Uint8Array> {
    const { database } = this.#store;
    const id = parseRecordId('modelSession', sessionId);
    const session = id === null ? undefined : await modelSessions.findDefault(database, caller.tenantId, id);
    if (session === undefined) throw notFound('model session', 'path/sessionId');
    const all = await models.listPredictable(database, caller.tenantId, session.id);
    const candidates = all.map((model): PredictableModel => {
      const isDefault = session.defaultModel !== null && session.defaultModel === model.name;
      try {
        return { ...nameOf(model), hash: requireArtifact(model), isDefault };
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        return { ...nameOf(model), refusal: error.items, isDefault };
      }
    });
    return this.#compute.predict(candidates, body, true);
  }
}

function nameOf(model: PredictableRow): { id: string; name: string } {
  return { id: formatId('model', model.id), name: model.name };
}
