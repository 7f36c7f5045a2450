import type { ComputeThread } from '../compute/computeThread.ts';
import type { Store } from '../store/store.ts';
import type { Caller } from './caller.ts';
import { findModel, type ModelPlace, requireArtifact } from './models.ts';

/** A file made for a caller. */
export interface ExportedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Models in formats that other programs run. */
export class Exports {
  readonly #store: Store;
  readonly #compute: ComputeThread;

  constructor(store: Store, compute: ComputeThread) {
    this.#store = store;
    this.#compute = compute;
  }

  /** @throws ProblemError RECORD_NOT_FOUND, MODEL_NOT_READY, MODEL_NOT_PREDICTABLE, MODEL_NOT_EXPORTABLE */
  async onnx(caller: Caller, place: ModelPlace, modelId: string): Promise<ExportedFile> {
    const model = await findModel(this.#store.database, caller, place, modelId);
    const bytes = await this.#compute.exportOnnx(requireArtifact(model));
    return { name: `${model.name}.onnx`, bytes };
  }
}
