import type { Routines } from '@athanor/wasm';
import type { Generator } from '../../random/generator.ts';
import { fitInputEncoder, type EncodingOptions, type InputEncoder } from '../../transforms/inputEncoder.ts';
import type { FitData } from '../model.ts';
import { buildKernel, lengthscaleKeys } from './buildKernel.ts';
import { companionRows } from './companionRows.ts';
import { readCompanionParameters } from './companionSpace.ts';
import { encodeTrainingRows } from './encodeForProcess.ts';
import { conditionOnCompanions, fitCompanions } from './fitCompanions.ts';
import type { FittedCompanion } from './fittedGaussianProcess.ts';
import {
  measurementNoise,
  noiseVarianceOf,
  prepareLeaveOut,
  type ProcessData,
  type WarpedProcess,
} from './fitWarpedProcess.ts';
import type { GaussianProcessState } from './gaussianProcessState.ts';
import { crpsOfLeftOut } from './leftOutCrps.ts';
import { startLogs } from './startLogs.ts';
import { startOf } from './startOf.ts';

/** A process that learns from measurements of other targets as well. */
export interface CompanionProcess {
  readonly encoder: InputEncoder;
  readonly state: GaussianProcessState;
  /** Row of each measurement of the target [n]. */
  readonly rowOf: Int32Array;
  readonly companions: readonly FittedCompanion[];
  /** Share by which the CRPS of left-out measurements is lower than without companions. */
  readonly gain: number;
}

/** Least share by which companions must lower the CRPS of left-out groups. */
const minGain = 0.02;
/** Rows of the target and its companions together up to which the fit is worth its time. */
const maxRows = 1000;

/**
 * The process with companions where they lower the CRPS of left-out groups by two percent, the rows of a group being
 * left out whatever they measure; null where they do not, or are not to be used.
 *
 * @param data its inputs are those that the target's own process looks at
 * @param alone the target without them, with its warp
 * @param encoder of the target's rows, and how it was made
 */
export function learnWithCompanions(
  routines: Routines,
  { inputs, y, groups, companions }: FitData,
  alone: WarpedProcess,
  { replicates, noiseSd, subset, spec }: ProcessData,
  encoder: InputEncoder,
  encoding: EncodingOptions,
  generator: Generator,
): CompanionProcess | null {
  if (spec.criterion !== 'likelihood') return null;
  if (companions === undefined || spec.companions === 'none' || noiseSd !== null || subset !== null)
    return null;
  const rowCount = companions.inputs.rowCount;
  const ownGroups = replicates.representatives.map((row) => groups[row]!);
  if (rowCount === inputs.rowCount || rowCount > maxRows || new Set(ownGroups).size < 2) return null;
  const aloneLeaveOut = prepareLeaveOut(routines, alone);
  if (aloneLeaveOut === null) return null;
  const { warp, rows, space } = alone;
  const noise = noiseVarianceOf(alone)!;
  const without = crpsOfLeftOut(
    y,
    replicates.members,
    aloneLeaveOut.groups(rows.z, ownGroups),
    warp,
    measurementNoise(alone),
  );

  const kept = new Set(inputs.columns.map(({ column }) => column.key));
  const columns = companions.inputs.columns.filter(({ column }) => kept.has(column.key));
  const conditions = { ...companions.inputs, columns };
  const joint = fitInputEncoder(conditions, encoding);
  const { X, similarities } = encodeTrainingRows(joint, conditions);
  const data = companionRows(X, { y, groups, companions }, warp);
  if (data === null) return null;
  const kernel = buildKernel(joint, X, similarities, { ...spec, kernel: space.kernel.form });
  const keys = companions.targets.map(({ key }) => key);
  const starts = keys.map((key) => spec.start?.companions?.[key] ?? null);
  const logs = startLogs(
    startOf(encoder, space.kernel, alone.fit.logs, noise),
    kernel,
    lengthscaleKeys(joint),
    true,
  );
  const found = starts.every((start) => start !== null) ? starts : null;
  const fit = fitCompanions(routines, kernel, data, logs, found, { y, warp, spec });
  if (fit === null || !(fit.leftOutCrps < (1 - minGain) * without)) return null;

  const isAveraged = rows.z.length <= spec.averagedRows && data.rows.z.length <= 2 * spec.averagedRows;
  const state = conditionOnCompanions(
    routines,
    fit,
    isAveraged ? spec.hyperparameterDraws : 0,
    generator.split('companions'),
  );
  if (state === null) return null;
  const { factors, ownScales, noiseVariances } = readCompanionParameters(kernel, fit.logs, data.signs);
  return {
    encoder: joint,
    state,
    rowOf: data.rowOf,
    companions: keys.map((key, a) => ({
      key,
      factor: factors[a + 1]!,
      ownScale: ownScales[a]!,
      noiseVariance: noiseVariances[a + 1]!,
    })),
    gain: 1 - fit.leftOutCrps / without,
  };
}
