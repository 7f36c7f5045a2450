import type { FoldQuestion } from '@athanor/schema';
import { EngineError } from '../engineError.ts';
import { listNames } from '../listNames.ts';
import { findModel } from '../models/registry.ts';
import { createGenerator } from '../random/createGenerator.ts';
import type { Column } from '../table/column.ts';
import type { Table } from '../table/table.ts';
import type { BuildPlan } from './buildPlan.ts';
import type { BuildRequest } from './buildRequest.ts';
import { checkTargets } from './checkTargets.ts';
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
  // Before the inputs: in a table of one row every column is constant, and the reason is the one row.
  for (const key of request.targets) checkMeasured(request, key);
  const { keys, warnings } = chooseInputs(request);
  const session = sessionInputs(request.table, keys);
  request.models.forEach(({ kind, spec }, i) => {
    if (kind === 'ensemble') return;
    resolveSpec(findModel(kind, `models/${i}/kind`), spec, `models/${i}/spec`, session.inputs.columns);
  });
  const streams = createGenerator(request.seed);
  const targets = request.targets.map((key) =>
    planTarget(request, key, session, streams.split(`folds of ${key}`)),
  );
  return {
    seed: request.seed,
    inputs: keys,
    group: request.group,
    question: request.question,
    models: request.models,
    targets,
    tasks: planTasks(request.models, targets, countEncoded(request.table, keys)),
    warnings,
  };
}

/** Columns that inputs become. */
export function countEncoded({ columns }: Table, inputs: readonly string[]): number {
  return columns
    .filter(({ key }) => inputs.includes(key))
    .reduce((sum, column) => sum + encodedWidth(column), 0);
}

/** One column a number, one a descriptor, one a level and one for levels not seen. */
function encodedWidth(column: Column): number {
  if (column.kind === 'numeric') return 1;
  return column.kind === 'molecular' ? column.molecules.descriptorNames.length : column.levels.length + 1;
}

function checkOptions({ models, targets, question, seed }: BuildRequest): void {
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
  const isMixed = models.map(({ kind }) => kind === 'ensemble');
  if (isMixed.filter(Boolean).length > 1 || !isMixed.includes(false))
    throw new EngineError('OPTION_INVALID', 'an ensemble is made of other models, and there can be one', {
      field: `models/${isMixed.lastIndexOf(true)}/kind`,
      value: 'ensemble',
    });
  models.forEach(({ name, targets: own }, i) => {
    own?.forEach((key, t) => {
      if (!targets.includes(key))
        throw new EngineError(
          'OPTION_INVALID',
          `${name} is to be built for ${key}, which is no target of the build: ${listNames(targets)}`,
          { field: `models/${i}/targets/${t}`, value: key },
        );
    });
    if (models.findIndex((one) => one.name === name) !== i)
      throw new EngineError('OPTION_INVALID', `two models are called ${name}; names must differ`, {
        field: `models/${i}/name`,
        value: name,
      });
  });
}
