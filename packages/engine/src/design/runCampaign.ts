import type { DesignMode, Objective } from '@athanor/schema';
import { resolveObjective } from '../acquisition/resolvedObjective.ts';
import { createSurrogate, type Surrogate } from '../acquisition/surrogate.ts';
import { takeInputRows, type Inputs } from '../models/inputs.ts';
import { findModel } from '../models/registry.ts';
import type { PlainData } from '../plainData.ts';
import { createGenerator } from '../random/createGenerator.ts';
import type { Generator } from '../random/generator.ts';
import { applicabilityJudge } from './applicabilityJudge.ts';
import { selectCandidates } from './selectCandidates.ts';
import { supportJudge } from './supportJudge.ts';

export interface CampaignModel {
  readonly kind: string;
  readonly spec: { readonly [key: string]: PlainData };
}

/** A table replayed as a campaign: all its rows could be tried, their results are shown when they are. */
export interface CampaignRequest {
  /** Everything that could be tried [N rows]. */
  readonly pool: Inputs;
  /** One an objective [objective][N]; finite. */
  readonly targets: readonly Float64Array[];
  readonly objectives: readonly Objective[];
  /** Rows tried first, at random unless given. */
  readonly startCount: number;
  readonly start?: Int32Array;
  readonly batchSize: number;
  /** Rows tried in all. */
  readonly budget: number;
  readonly mode: DesignMode;
  /** Share of a balanced batch that goes to the best means after so many rows, 0 to 1; that of designs by default. */
  readonly exploitShare?: (triedCount: number) => number;
  /** Kind of model and the keys of its spec to replace. */
  readonly model: CampaignModel;
  /** Models that share the say with it, equally; none by default. */
  readonly beside?: readonly CampaignModel[];
  readonly seed: number | string;
}

/** The rows in the order in which a campaign tries them [budget]. Same request, same order. */
export function runCampaign(request: CampaignRequest): Int32Array {
  const { targets, batchSize, seed } = request;
  const pool = closePool(request.pool);
  const generator = createGenerator(seed);
  const budget = Math.min(request.budget, pool.rowCount);
  const all = Int32Array.from({ length: pool.rowCount }, (_, i) => i);
  const start = request.start ?? generator.split('start').shuffle(all.slice()).slice(0, request.startCount);
  const tried = [...start];
  while (tried.length < budget) {
    const rows = Int32Array.from(tried);
    const done = new Set(tried);
    const open = all.filter((i) => !done.has(i));
    const round = generator.split(`round ${tried.length}`);
    const count = Math.min(batchSize, budget - tried.length);
    const observed = takeInputRows(pool, rows);
    const support = supportJudge(applicabilityJudge(observed), observed.rowCount, request.mode);
    const openInputs = takeInputRows(pool, open);
    const observedTargets = targets.map((y) => Float64Array.from(rows, (i) => y[i]!));
    const choices = selectCandidates(
      openInputs,
      count,
      {
        objectives: request.objectives.map((objective, t) =>
          resolveObjective(objective, observedTargets[t]!, `objectives/${t}`),
        ),
        surrogates: observedTargets.map((y, t) =>
          fitSurrogate(request, request.objectives[t]!.target, observed, y, round),
        ),
        observed,
        observedTargets,
        pending: null,
        mode: request.mode,
        spacing: 0,
        ...(support !== null && { support: support(openInputs) }),
        ...(request.exploitShare !== undefined && { exploitShare: request.exploitShare(tried.length) }),
      },
      round,
    );
    for (const { candidate } of choices) tried.push(open[candidate]!);
  }
  return Int32Array.from(tried);
}

/**
 * What may be tried is known beforehand: the range of the pool is that of the search, and a level that no row tried so far
 * has is not the same as any other.
 */
function closePool(pool: Inputs): Inputs {
  return {
    ...pool,
    columns: pool.columns.map((input) => {
      if (input.column.kind !== 'numeric' || input.bounds !== null) return { ...input, isClosed: true };
      const present = input.column.values.filter((value) => !Number.isNaN(value)).sort();
      return { ...input, isClosed: true, bounds: { lower: present[0] ?? 0, upper: present.at(-1) ?? 0 } };
    }),
  };
}

function fitSurrogate(
  { model, beside = [] }: CampaignRequest,
  key: string,
  inputs: Inputs,
  y: Float64Array,
  generator: Generator,
): Surrogate {
  const groups = Int32Array.from({ length: y.length }, (_, i) => i);
  const fit = ({ kind, spec }: CampaignModel, seed: string): PlainData => {
    const one = findModel(kind);
    const full = { ...(one.defaultSpec as { readonly [key: string]: PlainData }), ...spec };
    return one.fit({ inputs, y, groups }, full, generator.split(seed)).fitted;
  };
  const fitted = fit(model, `fit ${key}`);
  if (beside.length === 0) return createSurrogate(key, model.kind, fitted, 1);
  const members = [model, ...beside].map((one, m) => ({
    kind: one.kind,
    name: one.kind,
    weight: 1 / (1 + beside.length),
    scale: 1,
    fitted: m === 0 ? fitted : fit(one, `fit ${key} ${m}`),
  }));
  return createSurrogate(key, 'ensemble', { members }, 1);
}
