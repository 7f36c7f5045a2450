import { type BuildOptions, ProblemError, type Warning } from '@athanor/schema';
import type { BuildOrder } from '../compute/buildOrder.ts';
import { fromJson, toJson } from '../store/json.ts';
import { formatId } from '../store/recordId.ts';
import type { DatasetRow } from '../store/repositories/datasets.ts';
import { type ModelRow, models } from '../store/repositories/models.ts';
import type { ModelSessionRow } from '../store/repositories/modelSessions.ts';
import type { Builds } from './builds.ts';
import { wishOfModel } from './wishOfModel.ts';

/** What to build in a session that follows another one: the automatic portfolio, or the models of its user. */
export type FollowingBuild =
  | { readonly kind: 'portfolio'; readonly order: BuildOrder }
  | {
      readonly kind: 'models';
      readonly models: readonly { readonly model: ModelRow; readonly order: BuildOrder }[];
    };

/** What a build leaves in the `Metadata` of a user's model. */
const results = new Set(['Metrics', 'BuildLogs', 'candidatesInsightId']);

/**
 * Says what building a session anew on the data of now is.
 * @returns `build` null when there is nothing to build; the warnings say why
 */
export async function orderFollowing(
  builds: Builds,
  session: ModelSessionRow,
  dataset: DatasetRow,
): Promise<{ readonly build: FollowingBuild | null; readonly warnings: readonly Warning[] }> {
  const sessionId = formatId('modelSession', session.id);
  const notRebuilt = (reason: string): Warning => ({
    code: 'session_not_rebuilt',
    message: `${sessionId} ${reason}`,
  });
  if (session.category === 'albertModel') {
    const wish = {
      targets: fromJson<string[]>(session.target),
      model: null,
      options: fromJson<BuildOptions>(session.buildOptions),
    };
    const order = await orderOrReason(builds, dataset, wish);
    if (typeof order !== 'string') return { build: { kind: 'portfolio', order }, warnings: [] };
    return { build: null, warnings: [notRebuilt(`cannot be built on these rows: ${order}`)] };
  }
  const warnings: Warning[] = [];
  const own: { model: ModelRow; order: BuildOrder }[] = [];
  for (const model of await models.listOfSession(builds.store.database, session.tenantId, session.id)) {
    const leave = (reason: string): void => {
      const message = `${model.name} (${formatId('model', model.id)}) is not built anew: ${reason}`;
      warnings.push({ code: 'model_not_rebuilt', message });
    };
    // A record that its client drives is built where it was built before.
    if (model.requestName === null) leave('it was not built here.');
    else if (model.datasetId !== dataset.id) leave('it is of another dataset than its session.');
    else {
      const fresh = { ...model, metadata: withoutResults(model) };
      const order = await orderOrReason(builds, dataset, wishOfModel(fresh));
      if (typeof order === 'string') leave(order);
      else own.push({ model: fresh, order });
    }
  }
  if (own.length > 0) return { build: { kind: 'models', models: own }, warnings };
  return {
    build: null,
    warnings: [
      ...warnings,
      notRebuilt('has no model that could be built anew. Post models to a new session on the dataset.'),
    ],
  };
}

async function orderOrReason(
  builds: Builds,
  dataset: DatasetRow,
  wish: Parameters<Builds['order']>[1],
): Promise<BuildOrder | string> {
  try {
    return (await builds.order(dataset, wish))!;
  } catch (error) {
    if (error instanceof ProblemError) return error.message;
    throw error;
  }
}

function withoutResults({ metadata }: ModelRow): string | null {
  const all = fromJson<Record<string, unknown> | null>(metadata);
  if (all === null) return null;
  return toJson(Object.fromEntries(Object.entries(all).filter(([key]) => !results.has(key))));
}
