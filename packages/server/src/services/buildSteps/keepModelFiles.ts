import type { BuiltModel } from '@athanor/engine';
import type { Blob, BlobHold } from '../../store/blobs/blobStore.ts';
import type { Database } from '../../store/database.ts';
import { toJson } from '../../store/json.ts';
import { formatId } from '../../store/recordId.ts';
import { files } from '../../store/repositories/files.ts';
import type { ModelRow } from '../../store/repositories/models.ts';

/** What is kept of one model. */
export interface ModelBlobs {
  readonly artifact: Blob;
  /** JSON of an OutOfFoldReply. */
  readonly outOfFold: Blob;
}

/** Stores the bytes of models, by name. */
export async function storeModels(
  hold: BlobHold,
  built: readonly BuiltModel[],
): Promise<Map<string, ModelBlobs>> {
  const blobs = new Map<string, ModelBlobs>();
  for (const { name, artifact, outOfFold } of built) {
    blobs.set(name, {
      artifact: await hold.put(artifact),
      outOfFold: await hold.put(new TextEncoder().encode(toJson({ targets: outOfFold }))),
    });
  }
  return blobs;
}

/** Names the bytes of a model as the newest versions of its files, unless they are that already. */
export async function keepModelFiles(
  transaction: Database,
  model: ModelRow,
  blobs: ModelBlobs,
  createdAt: string,
): Promise<void> {
  const keep = async (name: string, blob: Blob, contentType: string): Promise<void> => {
    const key = { tenantId: model.tenantId, namespace: 'breakthrough', name };
    if ((await files.find(transaction, key))?.hash === blob.hash) return;
    const metadata = toJson([]);
    const { createdBy } = model;
    await files.insert(transaction, { ...key, ...blob, contentType, metadata, createdBy, createdAt });
  };
  await keep(artifactKey(model), blobs.artifact, 'application/octet-stream');
  await keep(outOfFoldKey(model), blobs.outOfFold, 'application/json');
}

/** Name of a model's artifact among the tenant's files. */
export function artifactKey(model: Pick<ModelRow, 'id'>): string {
  return `models/${formatId('model', model.id)}/model.safetensors`;
}

/** Name of a model's out-of-fold predictions among the tenant's files. */
export function outOfFoldKey(model: Pick<ModelRow, 'id'>): string {
  return `models/${formatId('model', model.id)}/outOfFold.json`;
}
