import type { HeldOutErrors } from '../acquisition/heldOutErrors.ts';
import { residualCorrelation } from '../acquisition/residualCorrelation.ts';
import type { ModelTarget, SessionModel } from '../artifact/sessionModel.ts';
import { EngineError } from '../engineError.ts';
import { listNames } from '../listNames.ts';
import { takeInputRows } from '../models/inputs.ts';
import { requireColumn } from '../session/chooseInputs.ts';
import { sessionInputs } from '../session/sessionInputs.ts';
import type { Table } from '../table/table.ts';
import type { FittedSurrogates } from './fitSurrogates.ts';
import { surrogateOf } from './surrogateOf.ts';

/** A model that a session has built, calibrated on rows held out, to design with. */
export interface CalibratedModel {
  readonly model: SessionModel;
  /** How it did on rows held out, by target and row of the table; null when not kept. */
  readonly heldOut: { readonly [target: string]: HeldOutErrors } | null;
}

/**
 * The surrogates of models that are built already: nothing is fitted, and what is proposed rests on the posteriors that
 * the session shows, widened where they are widened for a prediction.
 *
 * @param models for each target the first that predicts it answers
 * @throws EngineError TARGET_UNKNOWN, COLUMN_UNKNOWN when the table lacks an input, VARIABLE_CONFLICT when it has one of
 * another kind
 */
export function surrogatesOfModels(
  table: Table,
  targets: readonly string[],
  models: readonly CalibratedModel[],
): Omit<FittedSurrogates, 'chosen'> {
  const chosen = targets.map((key) => chooseModel(models, key));
  const inputs = [...new Set(chosen.flatMap(({ model }) => model.inputs.map(({ key }) => key)))];
  for (const { model } of chosen) requireSameKinds(table, model);
  const values = targets.map((key) => {
    const { column } = requireColumn(table, key, 'objectives');
    if (column.kind === 'numeric') return column.values;
    throw new EngineError('TARGET_NOT_NUMERIC', `${key} holds text; only numbers can be optimised`, {
      column: key,
    });
  });
  const rows = Int32Array.from({ length: table.rowCount }, (_, i) => i).filter((row) =>
    values.some((y) => !Number.isNaN(y[row]!)),
  );
  const errors = chosen.map(({ heldOut }, t): HeldOutErrors | null => {
    const all = heldOut?.[targets[t]!];
    if (all === undefined) return null;
    const take = (kept: Float64Array): Float64Array => Float64Array.from(rows, (row) => kept[row]!);
    return { y: take(all.y), sd: take(all.sd), z: take(all.z) };
  });
  return {
    surrogates: chosen.map(({ model, target }) => surrogateOf(model, target)),
    errorCorrelation: residualCorrelation(
      errors.map((one) => one?.z ?? new Float64Array(rows.length).fill(NaN)),
    ),
    errors,
    measured: {
      inputs: takeInputRows(sessionInputs(table, inputs).inputs, rows),
      targets: values.map((y) => Float64Array.from(rows, (row) => y[row]!)),
      tableRows: rows.map((row) => row + 1),
    },
    inputs,
    warnings: [],
  };
}

function chooseModel(
  models: readonly CalibratedModel[],
  key: string,
): CalibratedModel & { readonly target: ModelTarget } {
  for (const one of models) {
    const target = one.model.targets.find((own) => own.key === key);
    if (target !== undefined) return { ...one, target };
  }
  const known = new Set(models.flatMap(({ model }) => model.targets.map((own) => own.key)));
  throw new EngineError(
    'TARGET_UNKNOWN',
    `${listNames(models.map(({ model }) => model.name))} does not predict ${key}; known targets are ${listNames([...known])}`,
    { field: 'objectives', column: key },
  );
}

/** The table may have been put in anew since the model was fitted. */
function requireSameKinds(table: Table, { name, inputs }: SessionModel): void {
  for (const { key, levels, molecules } of inputs) {
    const { column } = requireColumn(table, key, 'inputs');
    const kind = levels === null ? 'numeric' : molecules === null ? 'categorical' : 'molecular';
    if (column.kind === kind) continue;
    throw new EngineError(
      'VARIABLE_CONFLICT',
      `${key} is ${column.kind} in the table and was ${kind} when ${name} was built`,
      { column: key },
      'Build the session anew on the data as they are now.',
    );
  }
}
