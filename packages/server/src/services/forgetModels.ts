import type { Database } from '../store/database.ts';
import { builds } from '../store/repositories/builds.ts';
import { files } from '../store/repositories/files.ts';
import { type ModelRow, models } from '../store/repositories/models.ts';
import type { Builds } from './builds.ts';
import { artifactKey, outOfFoldKey } from './buildSteps/keepModelFiles.ts';

/** Deletes models with everything that was made for them: builds of their own, artifacts, bytes. */
export async function forgetModels(
  service: Builds,
  transaction: Database,
  rows: readonly ModelRow[],
): Promise<void> {
  for (const model of rows) {
    for (const build of await builds.listOfModel(transaction, model.tenantId, model.id)) {
      if (build.endedAt === null) await service.cancel(transaction, build, 'The model was deleted');
    }
    const { tenantId } = model;
    const hashes: string[] = [];
    for (const name of [artifactKey(model), outOfFoldKey(model)]) {
      hashes.push(...(await files.delete(transaction, { tenantId, namespace: 'breakthrough', name })));
    }
    await models.delete(transaction, model.tenantId, model.id);
    await builds.deleteOfModel(transaction, model.tenantId, model.id);
    service.collectAfterCommit(transaction, hashes);
  }
}
