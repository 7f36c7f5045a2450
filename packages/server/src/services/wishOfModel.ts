import type { BuildWish } from '../compute/buildOrder.ts';
import { fromJson } from '../store/json.ts';
import type { ModelRow } from '../store/repositories/models.ts';

/** What a user wishes of a model posted as `Queued`: the choices are in its Metadata. */
export function wishOfModel(model: ModelRow): BuildWish {
  return {
    targets: fromJson<string[]>(model.target),
    model: { name: model.name, metadata: fromJson<Record<string, unknown>>(model.metadata) ?? {} },
    options: {},
  };
}
