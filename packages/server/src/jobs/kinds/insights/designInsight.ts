import {
  backtest,
  describeMolecules,
  loadHighs,
  type MoleculeDescriptions,
  planExperiments,
  proposeExperiments,
  type Table,
} from '@athanor/engine';
import { candidateFile } from '../../../compute/files/candidateFile.ts';
import { candidateFormats, comparedFile, policyNames } from '@athanor/schema';
import type {
  BacktestPayload,
  ComparedCandidates,
  DesignMode,
  DesignPayload,
  InputRow,
  Objective,
  SearchSpace,
  Warning,
} from '@athanor/schema';
import { decodeMatrix } from '../../../compute/matrix/experimentMatrix.ts';
import { locateTargets, type ScopedTarget } from '../../../compute/matrix/locateTargets.ts';
import { matrixToTable } from '../../../compute/matrix/matrixToTable.ts';
import { moleculeNames } from '../../../compute/moleculeNames.ts';
import { renameRow, renameSpace } from '../../../compute/renameSpace.ts';
import { readTypedTable } from '../../../compute/readTypedTable.ts';
import type { TableSource } from '../../../compute/tableSource.ts';
import type { BlobStore } from '../../../store/blobs/blobStore.ts';
import { useArithmetic } from '../../useArithmetic.ts';
import type { ComputeInsight, InsightAnswer, InsightProgress } from '../computeInsight.ts';
import { loadStoredModels, type StoredModels } from './loadStoredModels.ts';

/** Experiments to propose or to plan: all that the work depends on. */
export interface DesignTask {
  /** Where the experiments made so far are. */
  readonly source:
    | {
        readonly kind: 'table';
        readonly table: TableSource;
        /** Columns that are targets because somebody says so: reading alone may have taken them for something else. */
        readonly targets: readonly string[];
      }
    | { readonly kind: 'matrix'; readonly matrixHash: string; readonly targets: readonly ScopedTarget[] };
  /** What is known of the molecules in it, in the space and in the rows: a job process may not run RDKit. */
  readonly molecules: MoleculeDescriptions;
  readonly space: SearchSpace | null;
  readonly pending: readonly InputRow[];
  readonly ignore: readonly string[];
  readonly generatedCount: number;
  readonly selectedCount: number;
  readonly seed: number;
  readonly design:
    | {
        readonly kind: 'propose';
        readonly method: 'generate' | 'optimize';
        readonly objectives: readonly Objective[];
        readonly mode: DesignMode;
        readonly diversity: number;
        /** Models that are built already; null to fit some for these candidates. */
        readonly models: StoredModels | null;
        /** What the user should know of that choice. */
        readonly warnings: readonly Warning[];
      }
    | {
        readonly kind: 'plan';
        readonly method: 'space_filling' | 'first_design' | 'd_optimal' | 'i_optimal';
        readonly terms: 'linear' | 'interactions' | 'quadratic';
      }
    | {
        readonly kind: 'replay';
        readonly target: string;
        readonly goal: 'maximize' | 'minimize';
        readonly policies: readonly DesignMode[];
        readonly startCount: number;
        readonly batchSize: number;
        readonly budget: number;
        readonly campaigns: number;
      };
}

/** What the log says of each stage of a design. */
const stageWords = {
  sampling: 'Drawing experiments that obey every rule',
  scoring: 'Comparing them by what the models expect',
  refining: 'Improving the best of them step by step',
  selecting: 'Choosing a set that is good and not all alike',
} as const;

/** What the log calls each way of planning. */
const planWords = {
  space_filling: 'far from each other and from those made',
  d_optimal: 'to tell effects apart (D-optimal)',
  i_optimal: 'to predict well everywhere (I-optimal)',
  first_design: 'a first set, spread out',
} as const;

/**
 * Proposes or plans experiments: takes the models of a session, or fits some where there is none and the design needs
 * them, then generates candidates.
 */
export const computeDesign: ComputeInsight = async (blobs, task, report) => {
  const work = task as DesignTask;
  // The build that this process worked for last may have asked for another arithmetic than predictions have.
  useArithmetic(undefined);
  const { table, targetKeys } = await readExperiments(blobs, work);
  const dataHash = work.source.kind === 'table' ? { dataHash: work.source.table.hash } : {};
  if (work.design.kind === 'replay') return replay(table, work, work.design, report);
  const solver = await loadHighs();
  const { ignore, generatedCount, selectedCount, molecules, seed } = work;
  const rename = moleculeNames(table, molecules);
  const space = work.space === null ? null : renameSpace(work.space, rename);
  const pending = work.pending.map((row) => renameRow(row, rename));
  const tell = new StageReporter(report);
  if (work.design.kind === 'plan') {
    const { method, terms } = work.design;
    const anchorTargets = targetKeys;
    tell.stage('Generating Candidates', 'sampling', `Planning experiments: ${planWords[method]}`);
    const payload = planExperiments(
      {
        table,
        space,
        method,
        terms,
        anchorTargets,
        pending,
        ignore,
        generatedCount,
        selectedCount,
        molecules,
        seed,
      },
      { solver, progress: (stage) => tell.stage('Generating Candidates', stage, stageWords[stage]) },
    );
    return answerOf(payload, dataHash);
  }
  const { method, objectives, mode, diversity, models: stored } = work.design;
  const targets = [...new Set(objectives.map(({ target }) => target))];
  tell.stage(
    'Building Models',
    'models',
    stored === null ? `Fitting models of ${targets.join(', ')}` : `Reading the models of ${stored.of}`,
  );
  const own = stored === null ? null : await loadStoredModels(blobs, table, stored);
  const { payload, models, picture } = proposeExperiments(
    {
      table,
      objectives,
      space,
      method,
      mode,
      pending,
      generatedCount,
      selectedCount,
      diversity,
      ignore,
      models: null,
      molecules,
      seed,
      ...(own === null ? {} : { built: own.built }),
    },
    {
      solver,
      clock: () => performance.now() / 1000,
      fitProgress: () => {},
      progress: (stage) => tell.stage('Generating Candidates', stage, stageWords[stage]),
    },
  );
  const warnings = [...work.design.warnings, ...(own?.warnings ?? []), ...payload.warnings];
  const lines = (own?.chosen ?? []).map(({ target, model, modelId }) => ({
    stage: 'models',
    message: `${target} is predicted by ${model} (${modelId})`,
  }));
  return answerOf(
    { ...payload, warnings },
    { ...dataHash, models: (own?.chosen ?? models).map((one) => ({ ...one })) },
    lines,
    picture(),
  );
};

/** How soon each policy would have found the best rows of the table. */
function replay(
  table: Table,
  { ignore, seed, source }: DesignTask,
  { kind: _, ...design }: Extract<DesignTask['design'], { kind: 'replay' }>,
  report: (progress: InsightProgress) => void,
): InsightAnswer {
  const tell = new StageReporter(report);
  const { target, goal, startCount, batchSize, campaigns } = design;
  tell.stage('Generating Candidates', 'replaying', `Replaying ${campaigns} campaigns for ${target}`);
  const { rowCount, budget, policies, bestPolicy } = backtest({ table, ...design, ignore, seed }, (share) => {
    const percent = 20 * Math.floor(5 * share);
    if (percent > 0) tell.stage('Generating Candidates', `replayed ${percent} %`, `Replayed ${percent} %`);
  });
  const payload: BacktestPayload = {
    version: 1,
    method: 'backtest',
    seed,
    target,
    goal,
    startCount,
    batchSize,
    budget,
    campaigns,
    rowCount,
    policies: policies.map(({ best, bestLower, bestUpper, topFound, ...rest }) => ({
      ...rest,
      best: [...best],
      bestLower: [...bestLower],
      bestUpper: [...bestUpper],
      topFound: [...topFound],
    })),
    bestPolicy,
    warnings: [],
  };
  const chosen = policies.find(({ policy }) => policy === bestPolicy)!;
  return {
    payload: { ...payload },
    metrics: {
      ...(source.kind === 'table' ? { dataHash: source.table.hash } : {}),
      bestPolicy,
      enhancement: chosen.enhancement,
      acceleration: chosen.acceleration,
    },
    lines: [
      {
        stage: 'design',
        message: `Of ${policies.length} ways of choosing, “${policyNames[bestPolicy]}” finds the best rows soonest`,
      },
    ],
    outputs: [],
  };
}

/** The experiments, and for a matrix the columns of its targets. */
async function readExperiments(
  blobs: BlobStore,
  { source, molecules }: Pick<DesignTask, 'source' | 'molecules'>,
): Promise<{ table: Table; targetKeys: string[] }> {
  if (source.kind === 'table') {
    const table = await readTypedTable(blobs, source.table, source.targets);
    return { table: describeMolecules(table, molecules), targetKeys: [] };
  }
  const matrix = decodeMatrix(await blobs.read(source.matrixHash));
  const located = source.targets.map((target) => locateTargets(matrix, target).variable);
  return {
    table: describeMolecules(matrixToTable(matrix, source.targets), molecules),
    targetKeys: located.filter((key) => key !== null),
  };
}

function answerOf(
  payload: DesignPayload,
  metrics: Record<string, unknown>,
  told: InsightAnswer['lines'] = [],
  picture: ComparedCandidates | null = null,
): InsightAnswer {
  const { candidates, generated, warnings, figures } = payload;
  return {
    payload: {
      ...payload,
      ...(picture && { compared: { shown: picture.isOnFront.length, file: comparedFile } }),
    },
    metrics: { ...metrics, generated, selected: candidates.length, ...figures },
    lines: [
      ...told,
      ...warnings.map(({ code, message }) => ({ stage: 'design', code, message })),
      {
        stage: 'design',
        message: `Chose ${candidates.length} of ${generated.toLocaleString('en')} different experiments`,
      },
    ],
    outputs: [
      ...candidateFormats.map((format) => ({ file: `result.${format}`, ...candidateFile(payload, format) })),
      ...(picture === null ? [] : [pictureFile(picture)]),
    ],
  };
}

function pictureFile(picture: ComparedCandidates): InsightAnswer['outputs'][number] {
  const bytes = new TextEncoder().encode(JSON.stringify(picture));
  return { file: comparedFile, bytes, contentType: 'application/json' };
}

/** Says each stage once. */
class StageReporter {
  readonly #report: (progress: InsightProgress) => void;
  #last = '';

  constructor(report: (progress: InsightProgress) => void) {
    this.#report = report;
  }

  stage(state: NonNullable<InsightProgress['state']>, stage: string, message: string): void {
    if (stage === this.#last) return;
    this.#last = stage;
    this.#report({ state, stage, message });
  }
}
