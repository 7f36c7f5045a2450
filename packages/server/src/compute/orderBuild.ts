import { defaultPortfolio, EngineError, type ModelRequest, planBuild, type Table } from '@athanor/engine';
import type { BuildOrder, BuildWish } from './buildOrder.ts';
import { modelRequestOf } from './modelRequestOf.ts';
import { relocate } from './relocate.ts';
import type { TableSource } from './tableSource.ts';

/** Where the arguments of a plan stand in the body that creates a session. */
const sessionFields = {
  targets: 'body/target',
  ignore: 'body/buildOptions/ignore',
  group: 'body/buildOptions/group',
  question: 'body/buildOptions/question',
  seed: 'body/buildOptions/seed',
};
/** Where they stand in the body that creates a model. */
const modelFields = {
  targets: 'body/target',
  inputs: 'body/Metadata/inputs',
  'models/0/spec/monotone': 'body/Metadata/monotone',
  'models/0/spec/weightColumn': 'body/Metadata/weights',
  'models/0/spec': 'body/Metadata/hyperparameters',
  'models/0/name': 'body/name',
};

/** Seed of builds that do not name one. */
const defaultSeed = 1;

/**
 * Says in full what a wish is for a table, and makes sure that it can be planned.
 * @throws EngineError of planning, ProblemError of a user's choices.
 */
export function orderBuild(table: Table, source: TableSource, wish: BuildWish): BuildOrder {
  const { ignore = [], question = 'interpolate', seed = defaultSeed } = wish.options;
  const group = wish.options.group ?? groupByRole(table);
  const targets = wish.targets ?? targetsByRole(table);
  const own = wish.model === null ? null : modelRequestOf(wish.model);
  const chosen = { targets, ignore, group, ...(own?.inputs === undefined ? {} : { inputs: own.inputs }) };
  return relocate(wish.model === null ? sessionFields : modelFields, () => {
    const models: readonly ModelRequest[] =
      own === null ? defaultPortfolio({ table, ...chosen }) : [own.request];
    const order: BuildOrder = { source, ...chosen, models, question, seed };
    planBuild({ table, ...order });
    return order;
  });
}

/** The column that reading or the user marked as the one whose rows belong together; null without one. */
function groupByRole(table: Table): string | null {
  return table.variables.find((variable) => variable.role === 'group')?.key ?? null;
}

function targetsByRole(table: Table): string[] {
  const targets = table.variables.filter((variable) => variable.role === 'target').map(({ key }) => key);
  if (targets.length === 0) {
    throw new EngineError('TARGET_MISSING', 'No target was named, and no column has the role of one.');
  }
  return targets;
}
