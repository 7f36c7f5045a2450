import type { Candidate, InputRow, Prediction } from '@athanor/schema';
import { predictRows } from '../artifact/predictRows.ts';
import { requireColumn } from '../session/chooseInputs.ts';
import type { Molecule, MoleculeDescriptions } from '../table/molecules/molecule.ts';
import { moleculeOf } from '../table/molecules/moleculeSet.ts';
import type { Table } from '../table/table.ts';
import { inputsToRows } from './inputsToRows.ts';
import type { CalibratedModel } from './surrogatesOfModels.ts';

/**
 * The candidates with the numbers that the models give for their rows when they are asked for a prediction: to the last
 * bit, whatever the order of levels or of rows was while they were compared.
 *
 * @param models for each target the first that predicts it answers
 */
export function predictCandidates(
  table: Table,
  models: readonly CalibratedModel[],
  candidates: readonly Candidate[],
): Candidate[] {
  const told = new Map<string, readonly Prediction[]>();
  const wanted = new Set(candidates.flatMap(({ predictions }) => predictions.map(({ target }) => target)));
  for (const { model } of models) {
    const targets = model.targets.map(({ key }) => key).filter((key) => wanted.delete(key));
    if (targets.length === 0) continue;
    const columns = model.inputs.map(({ key }) => requireColumn(table, key, 'inputs').column);
    // An input that never varied may be missing from the space; then it has the value that it always had.
    const [usual] = inputsToRows({
      rowCount: 1,
      columns: columns.map((column) => ({ column, bounds: null, isAmount: false })),
    });
    const rows = candidates.map(({ inputs }) =>
      Object.fromEntries(
        Object.keys(usual!).map((key): [string, InputRow[string]] => [key, inputs[key] ?? usual![key]!]),
      ),
    );
    const molecules = describedMolecules(columns);
    for (const { target, predictions } of predictRows(model, rows, { targets, molecules }).targets)
      told.set(target, predictions);
  }
  return candidates.map((candidate, i) => ({
    ...candidate,
    predictions: candidate.predictions.map((one) => {
      const { mean, standardDeviation, modelStandardDeviation, interval } = told.get(one.target)![i]!;
      return { ...one, prediction: { mean, standardDeviation, modelStandardDeviation, interval } };
    }),
  }));
}

/** What is known of the molecules of a table, by their canonical SMILES. */
function describedMolecules(columns: readonly Table['columns'][number][]): MoleculeDescriptions {
  const byText = new Map<string, Molecule>();
  let descriptorNames: readonly string[] = [];
  for (const column of columns) {
    if (column.kind !== 'molecular') continue;
    ({ descriptorNames } = column.molecules);
    column.levels.forEach((smiles, m) => byText.set(smiles, moleculeOf(column.molecules, m)));
  }
  return { descriptorNames, byText };
}
