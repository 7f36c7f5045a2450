import type { HeldOutErrors } from '../acquisition/heldOutErrors.ts';
import { residualCorrelation } from '../acquisition/residualCorrelation.ts';
import { createSurrogate } from '../acquisition/surrogate.ts';
import type { SessionModel } from '../artifact/sessionModel.ts';
import { EngineError } from '../engineError.ts';
import { listNames } from '../listNames.ts';
import { takeInputRows } from '../models/inputs.ts';
import { halfWidth } from '../selection/calibration.ts';
import { requireColumn } from '../session/chooseInputs.ts';
import { sessionInputs } from '../session/sessionInputs.ts';
import type { Table } from '../table/table.ts';
import type { FittedSurrogates } from './fitSurrogates.ts';

/** A model that a session has built, calibrated on rows held out, to design with. */
export interface CalibratedModel {
  readonly model: SessionModel;
  /** How it did on rows held out, by target and row of the table; null when not kept. */
  readonly heldOut: { readonly [target: string]: HeldOutErrors } | null;
}

/**
 * The surrogates of a model that is built already: nothing is fitted, and what is proposed rests on the posteriors that
 * the session shows.
 *
 * @throws EngineError TARGET_UNKNOWN, and COLUMN_UNKNOWN when the table lacks an input of the model
 */
export function surrogatesOfModel(
  table: Table,
  targets: readonly string[],
  { model, heldOut }: CalibratedModel,
): Omit<FittedSurrogates, 'chosen'> {
  const own = targets.map((key) => {
    const found = model.targets.find((target) => target.key === key);
    if (found !== undefined) return found;
    throw new EngineError(
      'TARGET_UNKNOWN',
      `${model.name} does not predict ${key}; its targets are ${listNames(model.targets.map((target) => target.key))}`,
      { field: 'objectives', column: key },
    );
  });
  const inputs = model.inputs.map(({ key }) => key);
  for (const key of inputs) requireColumn(table, key, 'inputs');
  const values = own.map(({ key }) => {
    const { column } = requireColumn(table, key, 'objectives');
    if (column.kind === 'numeric') return column.values;
    throw new EngineError('TARGET_NOT_NUMERIC', `${key} holds text; only numbers can be optimised`, {
      column: key,
    });
  });
  const rows = Int32Array.from({ length: table.rowCount }, (_, i) => i).filter((row) =>
    values.some((y) => !Number.isNaN(y[row]!)),
  );
  const errors = own.map(({ key }): HeldOutErrors | null => {
    const all = heldOut?.[key];
    if (all === undefined) return null;
    const take = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row]!);
    return { y: take(all.y), sd: take(all.sd), z: take(all.z) };
  });
  return {
    surrogates: own.map(({ key, fitted, calibration }) =>
      createSurrogate(key, model.kind, fitted, calibration.scale, (level) => halfWidth(calibration, level)),
    ),
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
