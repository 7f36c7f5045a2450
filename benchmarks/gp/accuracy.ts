/**
 * Accuracy of the Gaussian process on concrete_uci: rows drawn at random for training, the rest for testing, the model
 * used as a session would use it. `node benchmarks/gp/accuracy.ts [seeds]` prints RMSE, CRPS and coverage by n.
 */
import { drawRows, readSource, sources } from './problems.ts';
import { gaussianProcessModel } from '../../packages/engine/src/models/gaussianProcess.ts';
import type { Inputs } from '../../packages/engine/src/models/inputs.ts';
import { momentsOf, quantilesOf } from '../../packages/engine/src/posteriors/operations.ts';
import { createGenerator } from '../../packages/engine/src/random/createGenerator.ts';
import { crps } from '../../packages/engine/src/scores/crps.ts';

export interface Accuracy {
  readonly rmse: number;
  readonly crps: number;
  /** Share of test rows within the central 95 % interval. */
  readonly coverage95: number;
  readonly fitMs: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/** Mean over seeds of a source with n training rows. */
export function measureAccuracy(
  name: string,
  n: number,
  seeds: number,
  spec: Partial<typeof gaussianProcessModel.defaultSpec> = {},
): Accuracy & { readonly warps: Record<string, number> } {
  const { columns, target } = readSource(name);
  const inputsOf = (rows: readonly number[]): Inputs => ({
    rowCount: rows.length,
    columns: columns.map((column, j) => ({
      column: {
        kind: 'numeric',
        key: sources[name]!.inputs[j]!,
        values: Float64Array.from(rows, (i) => column[i]!),
      },
      bounds: null,
      isAmount: j < (sources[name]!.amountCount ?? 0),
    })),
  });
  const runs: Accuracy[] = [];
  const warps: Record<string, number> = {};
  for (let seed = 0; seed < seeds; seed++) {
    const train = drawRows(target.length, n, 7000 + seed);
    const isTrain = new Set(train);
    const test = target.map((_, i) => i).filter((i) => !isTrain.has(i));
    const started = performance.now();
    const { fitted } = gaussianProcessModel.fit(
      {
        inputs: inputsOf(train),
        y: Float64Array.from(train, (i) => target[i]!),
        groups: Int32Array.from(train, (_, i) => i),
      },
      { ...gaussianProcessModel.defaultSpec, ...spec },
      createGenerator(seed),
    );
    const fitMs = performance.now() - started;
    warps[fitted.warp.shape.kind] = (warps[fitted.warp.shape.kind] ?? 0) + 1;
    const posterior = gaussianProcessModel.predict(fitted, inputsOf(test));
    const y = Float64Array.from(test, (i) => target[i]!);
    const low = quantilesOf(posterior, 0.025);
    const high = quantilesOf(posterior, 0.975);
    const moments = momentsOf(posterior);
    runs.push({
      rmse: Math.sqrt(mean(Array.from(y, (v, i) => (v - moments.mean[i]!) ** 2))),
      crps: mean([...crps(posterior, y)]),
      coverage95: mean(Array.from(y, (v, i) => (v >= low[i]! && v <= high[i]! ? 1 : 0))),
      fitMs,
    });
  }
  return {
    rmse: mean(runs.map((run) => run.rmse)),
    crps: mean(runs.map((run) => run.crps)),
    coverage95: mean(runs.map((run) => run.coverage95)),
    fitMs: mean(runs.map((run) => run.fitMs)),
    warps,
  };
}

if (process.argv[1] === import.meta.filename) {
  const seeds = Number(process.argv[2] ?? 10);
  for (const n of [20, 30, 40, 80, 160]) {
    const { rmse, crps: score, coverage95, fitMs, warps } = measureAccuracy('concrete', n, seeds);
    console.log(
      `concrete n=${n}: RMSE ${rmse.toFixed(2)}, CRPS ${score.toFixed(2)}, 95 % coverage ${coverage95.toFixed(3)}, fit ${fitMs.toFixed(0)} ms, ${JSON.stringify(warps)}`,
    );
  }
}
