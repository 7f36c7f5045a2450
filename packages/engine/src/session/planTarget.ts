import type { Variable, Warning } from '@athanor/schema';
import { EngineError } from '../engineError.ts';
import { listNames } from '../listNames.ts';
import { takeInputRows, type Inputs } from '../models/inputs.ts';
import type { Generator } from '../random/generator.ts';
import { interpolationFolds, type Folds } from '../resampling/folds.ts';
import { findGroups, formulationKeys, type Groups } from '../resampling/groups.ts';
import { newIngredientFolds } from '../resampling/newIngredientFolds.ts';
import { newRegionFolds } from '../resampling/newRegionFolds.ts';
import { pureError } from '../selection/pureError.ts';
import { takeRows, type NumericColumn } from '../table/column.ts';
import { encodeInputs } from '../transforms/encodeInputs.ts';
import { fitInputEncoder } from '../transforms/inputEncoder.ts';
import type { TargetPlan } from './buildPlan.ts';
import type { BuildRequest } from './buildRequest.ts';
import { requireColumn } from './chooseInputs.ts';
import { findCompanions } from './findCompanions.ts';
import { measuredRows } from './measuredRows.ts';
import type { SessionInputs } from './sessionInputs.ts';
import { sortRows } from './sortRows.ts';
import { findStrayValues } from './strayValues.ts';
import { targetRows } from './targetRows.ts';

/** Fewer rows than this cannot be learnt from and judged at once. */
const minRows = 5;
/** Below this, which model is better is a matter of luck. */
const minRowsToRank = 15;
/** Fewer different formulations than this cannot be held out in turn. */
const minGroups = 3;

/**
 * Rows, groups and folds of one target.
 *
 * @throws EngineError TARGET_EMPTY, TARGET_CONSTANT, TARGET_NOT_NUMERIC, ROWS_TOO_FEW, OPTION_INVALID
 */
export function planTarget(
  request: BuildRequest,
  key: string,
  session: SessionInputs,
  generator: Generator,
): TargetPlan {
  const { table } = request;
  const { variable, column } = requireColumn(table, key, `targets/${request.targets.indexOf(key)}`);
  const { rows, warnings: rowWarnings } = targetRows(request, key, session);
  const warnings = [...rowWarnings];
  const target = column as NumericColumn;
  const groupColumn = request.group === null ? null : requireColumn(table, request.group, 'group').column;
  checkCount(rows.length, table.rowCount, key);
  checkVaries(rows, target);

  const sorted = sortRows(rows, session.inputs, target, groupColumn);
  const inputs = takeInputRows(session.inputs, sorted);
  const y = takeRows(target, sorted).values;
  const chosen = groupColumn === null ? null : takeRows(groupColumn, sorted);
  const groups = findGroups(inputs, session.composition, chosen);
  checkGroups(groups, sorted.length, request);
  const formulations = formulationKeys(
    inputs.columns.map((input) => input.column),
    inputs.rowCount,
  );
  addNotes(warnings, key, variable, table.rowCount, y, groups, formulations);
  warnings.push(...strayValues(key, sorted, y));
  const folds = foldsOf(request, inputs, y, groups, generator);
  checkTraining(folds, request);
  const rowTexts = formulationKeys(
    table.columns.map((one) => takeRows(one, sorted)),
    sorted.length,
  );
  return {
    key,
    unit: variable.unit,
    rows: sorted,
    groups: groups.ids,
    groupCount: groups.count,
    foldCount: folds.foldCount,
    repeats: folds.repeats,
    companions: findCompanions(request, key, session, sorted, groups, groupColumn),
    pureError: pureError(formulations, rowTexts, y),
    warnings,
  };
}

/**
 * The first thing to know of a target: does it have enough numbers?
 *
 * @throws EngineError TARGET_EMPTY, TARGET_NOT_NUMERIC, ROWS_TOO_FEW
 */
export function checkMeasured(request: BuildRequest, key: string): void {
  checkCount(measuredRows(request, key).length, request.table.rowCount, key);
}

function checkCount(count: number, rowCount: number, key: string): void {
  if (count >= minRows) return;
  throw new EngineError(
    'ROWS_TOO_FEW',
    `${key} needs at least ${minRows} rows to learn from, it has ${count} of ${rowCount}`,
    { column: key },
  );
}

function checkVaries(rows: Int32Array, { key, values }: NumericColumn): void {
  const first = values[rows[0]!]!;
  if (rows.some((i) => values[i] !== first)) return;
  throw new EngineError('TARGET_CONSTANT', `all ${rows.length} values of ${key} are ${first}`, {
    column: key,
    value: String(first),
  });
}

function checkGroups(groups: Groups, rowCount: number, request: BuildRequest): void {
  if (groups.source === 'column') {
    if (groups.count < 2)
      throw new EngineError(
        'OPTION_INVALID',
        `${request.group} has one value in all ${rowCount} rows; a group column needs at least 2`,
        { field: 'group', column: request.group! },
      );
  } else if (groups.count < minGroups) {
    throw new EngineError(
      'ROWS_TOO_FEW',
      `only ${groups.count} of the ${rowCount} rows differ in their inputs; at least ${minGroups} must`,
    );
  }
}

function foldsOf(
  request: BuildRequest,
  inputs: Inputs,
  y: Float64Array,
  { ids, count }: Groups,
  generator: Generator,
): Folds {
  const rules: Record<BuildRequest['question'], () => Folds> = {
    interpolate: () => interpolationFolds(y, ids, count, generator),
    new_ingredient: () => newIngredientFolds(inputs, ids, count),
    new_region: () => {
      const X = encodeInputs(fitInputEncoder(inputs, { missing: 'impute' }), inputs);
      return newRegionFolds(X, ids, count, generator);
    },
  };
  return rules[request.question]();
}

/** Every fold must leave something to learn from. */
function checkTraining({ repeats }: Folds, { question, group }: BuildRequest): void {
  if (repeats.length === 0)
    throw new EngineError(
      'OPTION_INVALID',
      `the question ${question} needs an amount or a category that only some of the rows have; ` +
        'ask interpolate or new_region instead',
      { field: 'question', value: question },
    );
  for (const repeat of repeats) {
    const sizes = new Map<number, number>();
    for (const fold of repeat) sizes.set(fold, (sizes.get(fold) ?? 0) + 1);
    for (const [fold, size] of sizes)
      if (fold >= 0 && repeat.length - size < 2)
        throw new EngineError(
          'OPTION_INVALID',
          `held out together, ${size} of ${repeat.length} rows leave fewer than 2 to learn from`,
          { field: group === null ? 'question' : 'group' },
          'Choose another group column or question.',
        );
  }
}

/** What a scientist should know about the rows of a target before reading its scores. */
function addNotes(
  warnings: Warning[],
  key: string,
  variable: Variable,
  rowCount: number,
  y: Float64Array,
  groups: Groups,
  formulations: readonly string[],
): void {
  if (variable.missingCount > 0)
    warnings.push({
      code: 'target_missing',
      message: `${variable.missingCount} of ${rowCount} rows have no value of ${key} and are left out for it.`,
      column: key,
      count: variable.missingCount,
    });
  if (y.length < minRowsToRank)
    warnings.push({
      code: 'few_rows',
      message: `${y.length} rows are too few to say which model is better; take intervals and ranking as rough.`,
      column: key,
      count: y.length,
    });
  const distinct = new Set(y).size;
  if (distinct <= 5)
    warnings.push({
      code: 'target_discrete',
      message: `${key} takes only ${distinct} values; it is modelled as a number all the same.`,
      column: key,
      count: distinct,
    });
  if (groups.source === 'composition')
    warnings.push({
      code: 'grouped_by_composition',
      message:
        `The ${y.length} rows are ${groups.count} compositions; rows of one composition are held out together, ` +
        'so that scores are those of new compositions.',
      count: groups.count,
    });
  if (groups.source === 'column') {
    const groupOf = new Map<string, number>();
    const straddling = new Set<string>();
    formulations.forEach((formulation, i) => {
      const known = groupOf.get(formulation);
      if (known === undefined) groupOf.set(formulation, groups.ids[i]!);
      else if (known !== groups.ids[i]) straddling.add(formulation);
    });
    if (straddling.size > 0)
      warnings.push({
        code: 'replicates_straddle',
        message:
          `${straddling.size} formulations occur in more than one group; scores count their repeats as new, ` +
          'which flatters the models.',
        count: straddling.size,
      });
  }
}

/** A slip of the decimal point weighs on every model, and hides behind scores that it makes poor. */
function strayValues(key: string, rows: Int32Array, y: Float64Array): Warning[] {
  const stray = findStrayValues(y);
  if (stray === null) return [];
  const { positions, low, high } = stray;
  const shown = listNames(positions.map((i) => `${y[i]!} in row ${rows[i]! + 1}`));
  return [
    {
      code: 'target_stray',
      message:
        `${key} is ${shown}, far from all other rows (${low} to ${high}). Models learn from it as it stands; ` +
        'if it is a slip, correct it or leave the cell empty.',
      column: key,
      rows: positions.slice(0, 5).map((i) => rows[i]! + 1),
      count: positions.length,
    },
  ];
}
