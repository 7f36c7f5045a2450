import type { Routines } from '@athanor/wasm';
import { BoundedMinimization } from '../../optimize/boundedMinimization.ts';
import type { MinimizeResult } from '../../optimize/minimizeResult.ts';
import type { Generator } from '../../random/generator.ts';
import { drawFromPrior, priorMode, type HyperparameterSpace } from './hyperparameterSpace.ts';
import { LogPosterior } from './logPosterior.ts';
import { takeTrainingRows, type TrainingRows } from './trainingRows.ts';

export interface FitHyperparametersOptions {
  readonly hasMean: boolean;
  /** Variance added to the diagonal against rounding. */
  readonly jitter: number;
  /** Logarithms to start from instead of the prior's mode and draws of the prior. */
  readonly start: Float64Array | null;
  readonly maxIterations: number;
  /** As `LogPosterior` takes it. */
  readonly level?: Float64Array | null;
}

export interface HyperparameterFit {
  /** Logarithms of the hyperparameters. */
  readonly logs: Float64Array;
  /** Negative log posterior there. */
  readonly value: number;
  readonly result: MinimizeResult;
}

/** Runs from several starts stop once an iteration gains less than this share of the value; the best goes on. */
const roughTolerance = 1e-4;
const fineTolerance = 2e-9;
/** Logarithms of hyperparameters: a first step longer than e-fold overshoots. */
const maxFirstStep = 1;
/** Above this many rows the starts are sorted out on a sample of the other number. */
const largeFit = 400;
const sampleRows = 250;
/** Optima of the sample whose values differ by less are taken for one. */
const sameOptimum = 0.05;

/** Starts by number of rows: small fits cost little and have the most optima. */
function startCount(rowCount: number): number {
  return rowCount <= 40 ? 32 : rowCount <= 80 ? 20 : rowCount <= 160 ? 10 : 5;
}

/**
 * Most probable hyperparameters given the rows (MAP): L-BFGS-B over their logarithms from the prior's mode and from
 * draws of the prior, each roughly, then the best to the end.
 *
 * @returns null when the covariance is not positive definite at any start
 */
export function fitHyperparameters(
  routines: Routines,
  space: HyperparameterSpace,
  rows: TrainingRows,
  generator: Generator,
  options: FitHyperparametersOptions,
): HyperparameterFit | null {
  const n = rows.z.length;
  let starts = options.start === null ? [priorMode(space)] : [options.start];
  if (options.start === null) {
    while (starts.length < startCount(n)) starts.push(drawFromPrior(space, generator));
    if (n > largeFit) {
      const order = generator.shuffle(Int32Array.from({ length: n }, (_, i) => i));
      const sample = takeTrainingRows(rows, order.slice(0, sampleRows).sort());
      starts = minimizeFrom(routines, space, sample, starts, options, (runs) => {
        const kept: Float64Array[] = [];
        let last = -Infinity;
        for (const run of runs) {
          if (kept.length < 2 && run.value > last + sameOptimum) {
            kept.push(run.run({ maxIterations: 0 }).x);
            last = run.value;
          }
        }
        return kept;
      });
    }
  }
  return minimizeFrom(routines, space, rows, starts, options, ([best]) => {
    if (best === undefined) return null;
    const { maxIterations } = options;
    const result = best.run({ maxIterations, maxFirstStep, valueTolerance: fineTolerance });
    return { logs: result.x, value: result.value, result };
  });
}

/** Minimises roughly from each start and hands the runs over, the best first. */
function minimizeFrom<T>(
  routines: Routines,
  space: HyperparameterSpace,
  rows: TrainingRows,
  starts: readonly Float64Array[],
  { hasMean, jitter, maxIterations, level = null }: FitHyperparametersOptions,
  use: (runs: BoundedMinimization[]) => T,
): T {
  const mark = routines.arena.mark();
  try {
    const posterior = new LogPosterior(routines, space.kernel, rows, {
      priors: space.priors,
      hasMean,
      jitter,
      level,
    });
    const runs = starts.map(
      (start) => new BoundedMinimization((x, g) => posterior.evaluate(x, g), start, space.lower, space.upper),
    );
    if (runs.length > 1) {
      for (const run of runs) run.run({ maxIterations, maxFirstStep, valueTolerance: roughTolerance });
    }
    return use(runs.filter((run) => Number.isFinite(run.value)).sort((a, b) => a.value - b.value));
  } finally {
    routines.arena.release(mark);
  }
}
