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
import type { TableSource } from '../../compute/tableSource.ts';
import type { DesignTask } from '../../jobs/kinds/insights/designInsight.ts';
import { parseRecordId } from '../../store/recordId.ts';
import { datasets } from '../../store/repositories/datasets.ts';
import { modelSessions } from '../../store/repositories/modelSessions.ts';
import { smartDatasets } from '../../store/repositories/smartDatasets.ts';
import type { Store } from '../../store/store.ts';
import { tableSourceOf } from '../datasets.ts';
import { scopedTargets } from '../scopedTargets.ts';
import type { InsightComputation, InsightComputations } from './insightComputation.ts';

const defaults = { generated: 100_000, plannedFrom: 10_000, selected: 20, diversity: 0.5, seed: 1 };

/** Generate, Optimizer, Custom Optimizer and Smart DOE: what they need from the store. */
export function designComputations(store: Store): InsightComputations {
  const computation = (category: Insight['category']): InsightComputation => ({
    prepare: (tenantId, insight) =>
      insight.smartDatasetId === undefined
        ? prepareFromDataset(store, tenantId, insight, category)
        : prepareFromRun(store, tenantId, insight, insight.smartDatasetId),
  });
  return {
    Generate: computation('Generate'),
    Optimizer: computation('Optimizer'),
    'Custom Optimizer': computation('Custom Optimizer'),
    'Smart DOE': computation('Smart DOE'),
  };
}

/** A design run: its order was checked when it was made. */
async function prepareFromRun(
  store: Store,
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
  return {
    source: { kind: 'matrix', matrixHash: row.matrixHash, targets },
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
  tenantId: number,
  insight: Insight,
  category: Insight['category'],
): Promise<DesignTask> {
  const settings = readSettings(insight);
  const row = await findDatasetRow(store, tenantId, insight);
  const table = row === undefined ? null : tableSourceOf(row);
  if (table === null)
    throw refuse(
      'It needs the dataset with the experiments: datasetId, or modelSessionId of a session on one.',
    );
  const isPlan = category === 'Smart DOE';
  if (settings.backtest !== undefined && category === 'Optimizer')
    return replayTask(table, settings, settings.backtest);
  if (!isPlan && settings.objectives === undefined)
    throw refuse('It needs Registry.Settings.objectives: what is wanted of which column.');
  if (category === 'Custom Optimizer' && settings.space === undefined)
    throw refuse('It needs Registry.Settings.space: the search space of its own.');
  return {
    source: { kind: 'table', table },
    space: settings.space ?? null,
    pending: settings.pending ?? [],
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
        },
  };
}

/** A table to replay as campaigns. */
function replayTask(table: TableSource, settings: DesignSettings, backtest: BacktestSettings): DesignTask {
  return {
    source: { kind: 'table', table },
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

async function findDatasetRow(store: Store, tenantId: number, { datasetId, modelSessionId }: Insight) {
  const dataset = datasetId === undefined ? null : parseRecordId('dataset', datasetId);
  if (dataset !== null) return datasets.find(store.database, tenantId, dataset);
  const session = modelSessionId === undefined ? null : parseRecordId('modelSession', modelSessionId);
  if (session === null) return undefined;
  const row = await modelSessions.find(store.database, tenantId, session);
  return row === undefined ? undefined : datasets.find(store.database, tenantId, row.datasetId);
}

function refuse(message: string): ProblemError {
  return ProblemError.of('INSIGHT_NOT_COMPUTABLE', message);
}
