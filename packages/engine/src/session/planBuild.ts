import type { FoldQuestion } from '@athanor/schema';
import { EngineError } from '../engineError.ts';
import { listNames } from '../listNames.ts';
import { findModel } from '../models/registry.ts';
import { createGenerator } from '../random/createGenerator.ts';
import type { Column } from '../table/column.ts';
import type { BuildPlan } from './buildPlan.ts';
import type { BuildRequest } from './buildRequest.ts';
import { chooseInputs } from './chooseInputs.ts';
import { checkMeasured, planTarget } from './planTarget.ts';
import { planTasks } from './planTasks.ts';
import { resolveSpec } from './resolveSpec.ts';
import { sessionInputs } from './sessionInputs.ts';

/** The questions that folds can answer; the same list as in the schema of build options. */
const questions: { readonly [question in FoldQuestion]: true } = {
  interpolate: true,
  new_ingredient: true,
  new_region: true,
};

/**
 * Plans a build: which rows, groups and folds each target has, and which fits there are to do. The same request gives
 * the same plan, and a table with its rows or columns in another order the same folds.
 *
 * @throws EngineError TARGET_MISSING, TARGET_UNKNOWN, TARGET_EMPTY, TARGET_CONSTANT, TARGET_NOT_NUMERIC, ROWS_TOO_FEW,
 *   INPUTS_MISSING, COLUMN_UNKNOWN, OPTION_INVALID
 */
export function planBuild(request: BuildRequest): BuildPlan {
  checkOptions(request);
  checkTargets(request);
  const models = request.models.map(({ kind, spec }, i) => {
    const model = findModel(kind, `models/${i}/kind`);
    resolveSpec(model, spec, `models/${i}/spec`);
    return model;
  });
  // Before the inputs: in a table of one row every column is constant, and the reason is the one row.
  for (const key of request.targets) checkMeasured(request, key);
  const { keys, warnings } = chooseInputs(request);
  const session = sessionInputs(request.table, keys);
  const streams = createGenerator(request.seed);
  const targets = request.targets.map((key) =>
    planTarget(request, key, session, streams.split(`folds of ${key}`)),
  );
  const inputCount = session.inputs.columns.reduce((sum, { column }) => sum + encodedWidth(column), 0);
  return {
    seed: request.seed,
    inputs: keys,
    group: request.group,
    question: request.question,
    models: request.models,
    targets,
    tasks: planTasks(models, targets, inputCount),
    warnings,
  };
}

/** One column a number, one a descriptor, one a level and one for levels not seen. */
function encodedWidth(column: Column): number {
  if (column.kind === 'numeric') return 1;
  return column.kind === 'molecular' ? column.molecules.descriptorNames.length : column.levels.length + 1;
}

function checkOptions({ models, question, seed }: BuildRequest): void {
  if (!Object.hasOwn(questions, question))
    throw new EngineError('OPTION_INVALID', `question must be one of ${Object.keys(questions).join(', ')}`, {
      field: 'question',
      value: String(question),
    });
  if (!(Number.isInteger(seed) && seed >= 0 && seed <= 4294967295))
    throw new EngineError('OPTION_INVALID', 'seed must be a whole number from 0 to 4294967295', {
      field: 'seed',
      value: String(seed),
    });
  if (models.length === 0)
    throw new EngineError('OPTION_INVALID', 'at least one model must be asked for', { field: 'models' });
  models.forEach(({ name }, i) => {
    if (models.findIndex((one) => one.name === name) !== i)
      throw new EngineError('OPTION_INVALID', `two models are called ${name}; names must differ`, {
        field: `models/${i}/name`,
        value: name,
      });
  });
}

function checkTargets({ table, targets }: BuildRequest): void {
  if (targets.length === 0)
    throw new EngineError('TARGET_MISSING', `no target was named; the columns are ${columnNames()}`, {
      field: 'targets',
    });
  targets.forEach((key, i) => {
    const location = { field: `targets/${i}`, column: key };
    if (!table.variables.some((variable) => variable.key === key))
      throw new EngineError(
        'TARGET_UNKNOWN',
        `there is no column ${key}; the columns are ${columnNames()}`,
        location,
      );
    if (targets.indexOf(key) !== i)
      throw new EngineError('OPTION_INVALID', `the target ${key} is named twice`, location);
  });

  function columnNames(): string {
    return listNames(table.variables.map((variable) => variable.key));
  }
}
