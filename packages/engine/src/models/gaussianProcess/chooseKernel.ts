import type { Routines } from '@athanor/wasm';
import { stationaryForms } from '../../kernels/stationaryForm.ts';
import type { Generator } from '../../random/generator.ts';
import { chooseWarp } from './chooseWarp.ts';
import {
  fitWarpedProcess,
  measurementNoise,
  prepareLeaveOut,
  type ProcessData,
  type WarpedProcess,
} from './fitWarpedProcess.ts';
import { leftOutCrps } from './leftOutCrps.ts';
import { leftOutLogDensity } from './leftOutLogDensity.ts';

/** Gain in log density of the left-out measurements, in nats, below which the first kernel stays, as for a warp. */
const minGain = 2;
/** Share of their CRPS that another kernel must save as well. */
const minSaved = 0.05;
/** Fewer different rows than this say nothing about how smooth a function is. */
const minRows = 8;
/** Different rows above which the first kernel is kept: enough of them tell the function whatever is believed of it. */
const maxRows = 200;
/** Iterations from the hyperparameters of the first kernel. */
const refitIterations = 60;

/**
 * The process with the kernel the spec asks for. `auto` fits that of the data, then each other form from its
 * hyperparameters and with its warp, and takes it where left-out measurements are clearly more probable and clearly better
 * predicted: few rows of a ragged target favour either by chance (decision 0051).
 *
 * @param data with a kernel of the first form for `auto`
 * @param start logarithms of hyperparameters; null for the prior
 * @returns null when the covariance cannot be factored
 */
export function chooseKernel(
  routines: Routines,
  data: ProcessData,
  start: Float64Array | null,
  generator: Generator,
): WarpedProcess | null {
  const first = chooseWarp(routines, data, start, generator);
  const rowCount = data.replicates.members.length;
  if (first === null || data.spec.kernel !== 'auto' || rowCount < minRows || rowCount > maxRows) return first;
  const judge = (process: WarpedProcess): { density: number; crps: number } => {
    const leaveOut = prepareLeaveOut(routines, process);
    if (leaveOut === null) return { density: -Infinity, crps: Infinity };
    const noise = measurementNoise(process);
    return {
      density: leftOutLogDensity(data, leaveOut, process.warp, noise),
      crps: leftOutCrps(data, leaveOut, process.warp, noise),
    };
  };
  let best = first;
  let bestScore = judge(first);
  for (const form of stationaryForms) {
    if (form === data.kernel.form) continue;
    const other = { ...data, kernel: { ...data.kernel, form } };
    const { logs } = first.fit;
    const process = fitWarpedProcess(routines, other, first.warp.shape, logs, refitIterations, generator);
    if (process === null) continue;
    const score = judge(process);
    if (score.density > bestScore.density + minGain && score.crps < (1 - minSaved) * bestScore.crps) {
      best = process;
      bestScore = score;
    }
  }
  return best;
}
