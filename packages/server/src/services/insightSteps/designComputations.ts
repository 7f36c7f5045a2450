import {
  type BacktestSettings,
  designModes,
  DesignRunOrder,
  DesignSettings,
  type Insight,
  type Objective,
  Objective as ObjectiveSchema,
  ProblemError,
} from '@athanor/schema';
import type { ComputeThread } from '../../compute/computeThread.ts';
import { textsOf } from '../../compute/moleculeNames.ts';
import type { TableSource } from '../../compute/tableSource.ts';
import type { DesignTask } from '../../jobs/kinds/insights/designInsight.ts';
import type { Database } from '../../store/database.ts';
import { formatId, parseRecordId } from '../../store/recordId.ts';
import { type DatasetRow, datasets } from '../../store/repositories/datasets.ts';
import { models } from '../../store/repositories/models.ts';
import { modelSessions } from '../../store/repositories/modelSessions.ts';
import { smartDatasets } from '../../store/repositories/smartDatasets.ts';
import type { Store } from '../../store/store.ts';
import { tableSourceOf } from '../datasets.ts';
import { scopedTargets } from '../scopedTargets.ts';
import { findOpenBuild } from './findOpenBuild.ts';
import { findStoredModels, type FoundModels } from './findStoredModels.ts';
import type { InsightComputation, InsightComputations } from './insightComputation.ts';

const defaults = { generated: 100_000, plannedFrom: 10_000, selected: 20, diversity: 0.5, seed: 1 };

/** Generate, Optimizer, Custom Optimizer and Smart DOE: what they need from the store. */
export function designComputations(store: Store, compute: DesignReader): InsightComputations {
  const computation = (category: Insight['category']): InsightComputation => ({
    waitsFor: async (database, tenantId, insight) =>
      restsOnModels(category, insight) ? findOpenBuild(database, tenantId, insight) : null,
    prepare: (tenantId, insight) =>
      insight.smartDatasetId === undefined
        ? prepareFromDataset(store, compute, tenantId, insight, category)
        : prepareFromRun(store, compute, tenantId, insight, insight.smartDatasetId),
  });
  return {
    Generate: computation('Generate'),
    Optimizer: computation('Optimizer'),
    'Custom Optimizer': computation('Custom Optimizer'),
    'Smart DOE': computation('Smart DOE'),
  };
}

/** What reads the molecules of tables. */
export type DesignReader = Pick<ComputeThread, 'describeMolecules' | 'describeMatrix'>;

/** Plans have no models, and a replay fits its own as the table grows. */
function restsOnModels(category: Insight['category'], { smartDatasetId, Registry }: Insight): boolean {
  return (
    category !== 'Smart DOE' && smartDatasetId === undefined && Registry?.Settings?.['backtest'] === undefined
  );
}

/** A design run: its order was checked when it was made. */
async function prepareFromRun(
  store: Store,
  compute: DesignReader,
  tenantId: number,
  insight: Insight,
  smartDatasetId: string,
): Promise<DesignTask> {
  const parsed = DesignRunOrder.safeParse(insight.Registry?.Settings);
  if (!parsed.success)
    throw refuse(
      'Registry.Settings of an insight on a smart dataset is the order of a design run; make one by POST /designruns.',
    );
  const order = parsed.data;
  const { space, mode, diversity, pending } = order;
  const id = parseRecordId('smartDataset', smartDatasetId);
  const row = id === null ? undefined : await smartDatasets.find(store.database, tenantId, id);
  if (row === undefined || row.matrixHash === null)
    throw refuse(`${smartDatasetId} is gone or has no experiments.`);
  const numbersOf = (ids: readonly string[]): number[] =>
    ids.map((one) => parseRecordId('target', one)).filter((one) => one !== null);
  const anchors = order.anchorTargets ?? [];
  const targetIds = order.method === 'generate' ? order.objectives.map(({ targetId }) => targetId) : anchors;
  const targets = await scopedTargets(store.database, tenantId, numbersOf([...new Set(targetIds)]));
  const texts = textsOf(space ?? null, pending ?? []);
  return {
    source: { kind: 'matrix', matrixHash: row.matrixHash, targets },
    molecules: await compute.describeMatrix(row.matrixHash, targets, texts),
    space: space ?? null,
    pending: pending ?? [],
    ignore: [],
    generatedCount: order.numCandidatesGenerated,
    selectedCount: order.numCandidatesSelected,
    seed: order.seed,
    design:
      order.method === 'generate'
        ? {
            kind: 'propose',
            method: 'generate',
            mode: mode ?? 'balanced',
            diversity: diversity ?? defaults.diversity,
            models: null,
            warnings: [],
            objectives: order.objectives.map(({ variable, operator, value, weight, isRequired }): Objective =>
              ObjectiveSchema.parse({
                target: variable,
                goal: 'meet',
                criterion: { operator, value },
                weight,
                isRequired,
              }),
            ),
          }
        : { kind: 'plan', method: 'space_filling', terms: 'quadratic' },
  };
}

/** An insight on a dataset, or on the one of its model session. */
async function prepareFromDataset(
  store: Store,
  compute: DesignReader,
  tenantId: number,
  insight: Insight,
  category: Insight['category'],
): Promise<DesignTask> {
  const settings = readSettings(insight);
  const row = await findDatasetRow(store, tenantId, insight);
  const table = row === undefined ? null : tableSourceOf(row);
  if (row === undefined || table === null)
    throw refuse(
      'It needs the dataset with the experiments: datasetId, or modelSessionId of a session on one.',
    );
  const isPlan = category === 'Smart DOE';
  if (settings.backtest !== undefined && category === 'Optimizer')
    return replayTask(table, await compute.describeMolecules(table), settings, settings.backtest);
  if (!isPlan && settings.objectives === undefined)
    throw refuse('It needs Registry.Settings.objectives: what is wanted of which column.');
  if (category === 'Custom Optimizer' && settings.space === undefined)
    throw refuse('It needs Registry.Settings.space: the search space of its own.');
  const { space = null, pending = [] } = settings;
  const found = isPlan ? null : await findModels(store, tenantId, insight, row, settings);
  return {
    source: { kind: 'table', table, targets: found?.targets ?? [] },
    molecules: await compute.describeMolecules(table, textsOf(space, pending)),
    space,
    pending,
    ignore: settings.ignore ?? [],
    generatedCount: settings.numCandidatesGenerated ?? (isPlan ? defaults.plannedFrom : defaults.generated),
    selectedCount: settings.numCandidatesSelected ?? defaults.selected,
    seed: settings.seed ?? defaults.seed,
    design: isPlan
      ? {
          kind: 'plan',
          method: settings.method ?? 'space_filling',
          terms: settings.terms ?? 'quadratic',
        }
      : {
          kind: 'propose',
          method: category === 'Optimizer' ? 'optimize' : 'generate',
          objectives: settings.objectives!,
          mode: settings.mode ?? 'balanced',
          diversity: settings.diversity ?? defaults.diversity,
          models: found!.models,
          warnings: found!.warnings,
        },
  };
}

async function findModels(
  { database }: Store,
  tenantId: number,
  insight: Insight,
  dataset: DatasetRow,
  { objectives = [], ignore = [] }: DesignSettings,
): Promise<FoundModels> {
  const targets = [...new Set(objectives.map(({ target }) => target))];
  const found = await findStoredModels(database, tenantId, insight, dataset, targets);
  if (found.models === null || ignore.length === 0) return found;
  const message = `ignore changes nothing: the models of ${found.models.of} are built already.`;
  return { ...found, warnings: [...found.warnings, { code: 'ignore_unused', message }] };
}

/** A table to replay as campaigns. */
function replayTask(
  table: TableSource,
  molecules: DesignTask['molecules'],
  settings: DesignSettings,
  backtest: BacktestSettings,
): DesignTask {
  return {
    source: { kind: 'table', table, targets: [backtest.target] },
    molecules,
    space: null,
    pending: [],
    ignore: settings.ignore ?? [],
    generatedCount: 0,
    selectedCount: 0,
    seed: settings.seed ?? defaults.seed,
    design: {
      kind: 'replay',
      target: backtest.target,
      goal: backtest.goal ?? 'maximize',
      policies: backtest.policies ?? designModes,
      startCount: backtest.startCount ?? 5,
      batchSize: backtest.batchSize ?? 5,
      budget: backtest.budget ?? 50,
      campaigns: backtest.campaigns ?? 5,
    },
  };
}

function readSettings(insight: Insight): DesignSettings {
  const parsed = DesignSettings.safeParse(insight.Registry?.Settings ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw refuse(`Registry.Settings.${issue!.path.join('.')}: ${issue!.message}`);
}

/** The dataset of the model or session, which is the one that is named too, if it is. */
async function findDatasetRow(
  { database }: Store,
  tenantId: number,
  { datasetId, modelSessionId, modelId }: Insight,
): Promise<DatasetRow | undefined> {
  const named = datasetId === undefined ? null : parseRecordId('dataset', datasetId);
  const record = await findOwner(database, tenantId, { modelId, modelSessionId });
  const own = record?.datasetId ?? null;
  if (named !== null && own !== null && named !== own)
    throw refuse(
      `datasetId is ${datasetId}, and the models of ${modelId ?? modelSessionId} are of ${formatId('dataset', own)}. Name one of them only.`,
    );
  const id = named ?? own;
  return id === null ? undefined : datasets.find(database, tenantId, id);
}

async function findOwner(
  database: Database,
  tenantId: number,
  { modelId, modelSessionId }: Pick<Insight, 'modelId' | 'modelSessionId'>,
): Promise<{ readonly datasetId: number | null } | undefined> {
  const model = modelId === undefined ? null : parseRecordId('model', modelId);
  if (model !== null) return models.find(database, tenantId, model);
  const session = modelSessionId === undefined ? null : parseRecordId('modelSession', modelSessionId);
  return session === null ? undefined : modelSessions.find(database, tenantId, session);
}

function refuse(message: string): ProblemError {
  return ProblemError.of('INSIGHT_NOT_COMPUTABLE', message);
}
