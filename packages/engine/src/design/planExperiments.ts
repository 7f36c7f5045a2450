import type { DesignPayload, InputRow, SearchSpace } from '@athanor/schema';
import { EngineError } from '../engineError.ts';
import { takeInputRows } from '../models/inputs.ts';
import { chooseInputs, requireColumn } from '../session/chooseInputs.ts';
import { sessionInputs } from '../session/sessionInputs.ts';
import { inferSpace } from '../space/inferSpace.ts';
import type { MoleculeDescriptions } from '../table/molecules/molecule.ts';
import type { Table } from '../table/table.ts';
import type { DesignContext, MeasuredRows } from './designRequest.ts';
import { knowMolecules } from './knowMolecules.ts';
import type { ModelTermKind } from './modelTerms.ts';
import { planDesign, type PlanMethod } from './planDesign.ts';

/** Experiments to plan without models. */
export interface DesignPlanRequest {
  /** Null before the first experiment; then the space must be given. */
  readonly table: Table | null;
  readonly space: SearchSpace | null;
  readonly method: PlanMethod;
  /** Only rows with a value of these targets count as known; all rows when empty. */
  readonly anchorTargets: readonly string[];
  readonly pending: readonly InputRow[];
  readonly ignore: readonly string[];
  readonly generatedCount: number;
  readonly selectedCount: number | null;
  readonly terms: ModelTermKind;
  /** What is known of molecules that the space offers and no row has, by their canonical SMILES. */
  readonly molecules?: MoleculeDescriptions;
  readonly seed: number;
}

/** @throws EngineError of `planDesign`, and SPACE_INVALID without table and space */
export function planExperiments(request: DesignPlanRequest, context: DesignContext): DesignPayload {
  const { table, method, seed } = request;
  const measured = table === null ? null : measuredOf(table, request);
  const space = request.space ?? (table === null ? null : inferSpace(table, measured!.keys));
  if (space === null)
    throw new EngineError('SPACE_INVALID', 'a design without a table needs a search space', {
      field: 'space',
    });
  const { candidates, generated, figures, warnings } = planDesign(
    { ...request, space, measured: measured?.rows ?? null },
    context,
  );
  return {
    version: 1,
    method,
    seed,
    mode: null,
    space,
    objectives: [],
    generated,
    candidates: [...candidates],
    figures: { ...figures },
    warnings: [...warnings],
  };
}

/** The rows that are there, with the inputs that the space names, or those of the table. */
function measuredOf(
  table: Table,
  { space, anchorTargets, ignore, molecules }: DesignPlanRequest,
): { rows: MeasuredRows; keys: readonly string[] } {
  const keys =
    space?.variables.map(({ key }) => key).filter((key) => table.variables.some((one) => one.key === key)) ??
    chooseInputs({ table, targets: anchorTargets, ignore, group: null }).keys;
  const isKnown = (row: number): boolean =>
    anchorTargets.length === 0 ||
    anchorTargets.some((target) => {
      const { column } = requireColumn(table, target, 'anchorTargets');
      return column.kind === 'numeric' ? !Number.isNaN(column.values[row]!) : column.codes[row]! >= 0;
    });
  const rows = Int32Array.from({ length: table.rowCount }, (_, i) => i).filter(isKnown);
  const inputs = takeInputRows(sessionInputs(table, keys).inputs, rows);
  const columns =
    space === null
      ? inputs.columns
      : inputs.columns.map((input) => ({
          ...input,
          column: knowMolecules(input.column, space, molecules ?? null),
        }));
  return {
    keys,
    rows: {
      inputs: { ...inputs, columns },
      targets: [],
      tableRows: rows.map((row) => row + 1),
    },
  };
}
