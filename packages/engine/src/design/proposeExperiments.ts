import type {
  ComparedCandidates,
  DesignMode,
  DesignPayload,
  InputRow,
  Objective,
  SearchSpace,
} from '@athanor/schema';
import type { Inputs } from '../models/inputs.ts';
import type { ModelRequest } from '../session/buildRequest.ts';
import { inferSpace } from '../space/inferSpace.ts';
import type { Column } from '../table/column.ts';
import type { MoleculeDescriptions } from '../table/molecules/molecule.ts';
import type { Table } from '../table/table.ts';
import type { DesignContext } from './designRequest.ts';
import { designModels, fitSurrogates, type FittedSurrogates } from './fitSurrogates.ts';
import { generateCandidates } from './generateCandidates.ts';
import { knowMolecules } from './knowMolecules.ts';
import { predictCandidates } from './predictCandidates.ts';
import { surrogatesOfModels, type CalibratedModel } from './surrogatesOfModels.ts';

/** Experiments to propose on the ground of a table. */
export interface ProposalRequest {
  readonly table: Table;
  readonly objectives: readonly Objective[];
  /** Null to take what the table spans. */
  readonly space: SearchSpace | null;
  /** `optimize` when the space is that of the data. */
  readonly method: 'generate' | 'optimize';
  readonly mode: DesignMode;
  readonly pending: readonly InputRow[];
  readonly generatedCount: number;
  readonly selectedCount: number;
  readonly diversity: number;
  /** Columns to leave out. */
  readonly ignore: readonly string[];
  /** Null for those that designs compare by themselves. */
  readonly models: readonly ModelRequest[] | null;
  /**
   * Models of sessions to rest on, for each target the first that predicts it; then nothing is fitted, and `models` and
   * `ignore` have no part.
   */
  readonly built?: readonly CalibratedModel[];
  /** What is known of molecules that the space offers and no row has, by their canonical SMILES. */
  readonly molecules?: MoleculeDescriptions;
  readonly seed: number;
}

/** Context of a proposal: the world outside, and a clock for the models' log. */
export interface ProposalContext extends DesignContext {
  /** Monotonic seconds. */
  clock(): number;
  /** The models are done with this share; may throw to stop. */
  fitProgress(share: number): void;
}

/**
 * Fits models to a table, or takes those of a session, and proposes experiments. With models of a session every
 * candidate carries the very predictions that they give for its row.
 *
 * @returns what is kept of the run, the models that were fitted, and what paints a picture of all that was compared
 * @throws EngineError of the models and of `generateCandidates`
 */
export function proposeExperiments(
  request: ProposalRequest,
  context: ProposalContext,
): {
  readonly payload: DesignPayload;
  readonly models: FittedSurrogates['chosen'];
  readonly picture: () => ComparedCandidates;
} {
  const { table, objectives, seed, built, molecules = null } = request;
  const targets = [...new Set(objectives.map(({ target }) => target))];
  const fitted =
    built === undefined
      ? fitSurrogates(
          table,
          targets,
          request.models ?? designModels,
          request.ignore,
          seed,
          () => context.clock(),
          (share) => context.fitProgress(share),
        )
      : { ...surrogatesOfModels(table, targets, built), chosen: [] };
  const space = request.space ?? inferSpace(table, fitted.inputs);
  const know = <C extends Column>(column: C): C => knowMolecules(column, space, molecules);
  const { measured } = fitted;
  const inputs: Inputs = {
    ...measured.inputs,
    columns: measured.inputs.columns.map((input) => ({ ...input, column: know(input.column) })),
  };
  // Several objectives may speak of one target.
  const places = objectives.map(({ target }) => targets.indexOf(target));
  const k = places.length;
  const R = new Float64Array(k * k);
  places.forEach((p, a) =>
    places.forEach((q, b) => {
      R[a * k + b] = fitted.errorCorrelation[p * targets.length + q]!;
    }),
  );
  const { candidates, generated, warnings, picture } = generateCandidates(
    {
      space,
      objectives,
      surrogates: places.map((p) => fitted.surrogates[p]!),
      errorCorrelation: R,
      errors: places.map((p) => fitted.errors[p]!),
      measured: { ...measured, inputs, targets: places.map((p) => measured.targets[p]!) },
      pending: request.pending,
      mode: request.mode,
      generatedCount: request.generatedCount,
      selectedCount: request.selectedCount,
      diversity: request.diversity,
      seed,
    },
    context,
  );
  return {
    payload: {
      version: 1,
      method: request.method,
      seed,
      mode: request.mode,
      space,
      objectives: [...objectives],
      generated,
      candidates:
        built === undefined
          ? [...candidates]
          : predictCandidates({ ...table, columns: table.columns.map(know) }, built, candidates),
      figures: {},
      warnings: [...fitted.warnings, ...warnings],
    },
    models: fitted.chosen,
    picture,
  };
}
