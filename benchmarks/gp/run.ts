/**
 * `npm run bench:gp`: the Gaussian process against scikit-learn, GPyTorch and BoTorch on the same data in one call,
 * one thread each, CPU time. Prints tables and ends with one JSON line of figures. Needs python3 with venv, and a C
 * compiler on Linux; the first run makes a Python environment in the user's cache folder. With `--quick` it does a little
 * of everything in a few minutes, to see that it runs; its figures are not to be quoted.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kernel } from '../../packages/engine/src/kernels/kernel.ts';
import { columnOf, createMatrix, type Matrix } from '../../packages/engine/src/linalg/matrix.ts';
import { routines } from '../../packages/engine/src/linalg/routines.ts';
import { gaussianProcessModel } from '../../packages/engine/src/models/gaussianProcess.ts';
import { conditionOnRows } from '../../packages/engine/src/models/gaussianProcess/conditionOnRows.ts';
import { fitHyperparameters } from '../../packages/engine/src/models/gaussianProcess/fitHyperparameters.ts';
import { hyperparameterSpace } from '../../packages/engine/src/models/gaussianProcess/hyperparameterSpace.ts';
import { LogPosterior } from '../../packages/engine/src/models/gaussianProcess/logPosterior.ts';
import { predictCandidates } from '../../packages/engine/src/models/gaussianProcess/predictCandidates.ts';
import { predictLatent } from '../../packages/engine/src/models/gaussianProcess/predictLatent.ts';
import { singleRows } from '../../packages/engine/src/models/gaussianProcess/trainingRows.ts';
import { momentsOf } from '../../packages/engine/src/posteriors/operations.ts';
import { createGenerator } from '../../packages/engine/src/random/createGenerator.ts';
import { measureAccuracy } from './accuracy.ts';
import { peerPython } from './environment.ts';
import { measureMolecules } from './molecules.ts';
import { fitProblems, randomSequence } from './problems.ts';

/** CPU seconds of this thread. */
function cpuSeconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : 0.5 * (sorted[middle - 1]! + sorted[middle]!);
}

/**
 * Median CPU seconds of a call, after a warm-up. The clock of a thread ticks in milliseconds, so calls are timed in
 * batches of at least 80.
 */
function medianTime(work: () => void, batches = 7): number {
  work();
  let calls = 1;
  for (;;) {
    const start = cpuSeconds();
    for (let i = 0; i < calls; i++) work();
    const seconds = cpuSeconds() - start;
    if (seconds >= 0.08) break;
    calls = Math.ceil(calls * (seconds > 0.01 ? 0.1 / seconds : 4));
  }
  return median(
    Array.from({ length: batches }, () => {
      const start = cpuSeconds();
      for (let i = 0; i < calls; i++) work();
      return (cpuSeconds() - start) / calls;
    }),
  );
}

function randomFeatures(n: number, d: number, seed: number): Matrix {
  const next = randomSequence(seed);
  const X = createMatrix(n, d);
  for (let j = 0; j < d; j++) columnOf(X, j).forEach((_, i, column) => (column[i] = next()));
  return X;
}

/** A smooth target with noise, mean 0 and standard deviation 1. */
function smoothTarget(X: Matrix, seed: number): Float64Array {
  const next = randomSequence(seed);
  const [a, b, c] = [0, 1, 2].map((j) => columnOf(X, j)) as [Float64Array, Float64Array, Float64Array];
  const y = a.map((x, i) => Math.sin(4 * x) + b[i]! * c[i]! + 0.2 * (next() + next() + next() - 1.5));
  const mean = y.reduce((sum, v) => sum + v, 0) / y.length;
  const sd = Math.sqrt(y.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (y.length - 1));
  return y.map((v) => (v - mean) / sd);
}

const flat = (X: Matrix): number[] =>
  Array.from({ length: X.columnCount }, (_, j) => [...columnOf(X, j)]).flat();

const plainKernel = (d: number): Kernel => ({
  form: 'matern52',
  lengthscaleOf: Int32Array.from({ length: d }, (_, j) => j),
  lengthscaleCount: d,
  hasOutputScale: true,
  fixed: [],
});

function synthetic(n: number, d: number) {
  const X = randomFeatures(n, d, 31 * n + d);
  const lengthscales = Array.from({ length: d }, (_, j) => 0.6 + 0.1 * (j % 7));
  return { n, d, X, z: smoothTarget(X, n), lengthscales, outputScale: 0.9, noise: 0.05 };
}

function measureLikelihood({ n, d, X, z, lengthscales, outputScale, noise }: ReturnType<typeof synthetic>) {
  const mark = routines().arena.mark();
  const kernel = plainKernel(d);
  const posterior = new LogPosterior(routines(), kernel, singleRows(X, z), {
    priors: Array.from({ length: d + 2 }, () => null),
    hasMean: false,
    jitter: 0,
  });
  const logs = Float64Array.from([...lengthscales, outputScale, noise], Math.log);
  const gradient = new Float64Array(d + 2);
  const seconds = medianTime(() => posterior.evaluate(logs, gradient));
  const nll = posterior.evaluate(logs, gradient);
  routines().arena.release(mark);
  console.error(`ours: likelihood n=${n} d=${d}`);
  return { seconds, nll };
}

function measureFit(problem: ReturnType<typeof fitProblems>[number], seed: number) {
  const { features, lengthscaleOf, z } = problem;
  const kernel: Kernel = {
    form: 'matern52',
    lengthscaleOf,
    lengthscaleCount: Math.max(...lengthscaleOf) + 1,
    hasOutputScale: true,
    fixed: [
      {
        kind: 'linear',
        centre: Float64Array.from({ length: features.columnCount }, (_, j) => {
          const column = columnOf(features, j);
          return column.reduce((sum, x) => sum + x, 0) / column.length;
        }),
      },
    ],
  };
  const space = hyperparameterSpace(kernel, 'gamma', null);
  const fit = () =>
    fitHyperparameters(routines(), space, singleRows(features, z), createGenerator(seed), {
      hasMean: true,
      jitter: 0,
      start: null,
      maxIterations: 200,
    })!;
  const found = fit();
  const seconds = medianTime(fit, features.rowCount <= 200 ? 3 : 1);
  console.error(`ours: fit ${problem.name}`);
  return { seconds, value: found.value, logs: found.logs };
}

function measureScore(
  { n, d, X, z, lengthscales, outputScale, noise }: ReturnType<typeof synthetic>,
  m: number,
) {
  const kernel = plainKernel(d);
  const logs = Float64Array.from([...lengthscales, outputScale], Math.log);
  const { member } = conditionOnRows(
    routines(),
    kernel,
    logs,
    singleRows(X, z),
    new Float64Array(n).fill(noise),
    noise,
    false,
  )!;
  const state = { kind: 'process' as const, kernel, logs, features: X, z, sources: null, members: [member] };
  const candidates = randomFeatures(m, d, 5);
  const time = (predict: typeof predictLatent): number => {
    predict(routines(), state, randomFeatures(2000, d, 6));
    return median(
      Array.from({ length: 5 }, () => {
        const start = cpuSeconds();
        predict(routines(), state, candidates);
        return cpuSeconds() - start;
      }),
    );
  };
  const seconds = time(predictCandidates);
  const exactSeconds = time(predictLatent);
  const check = randomFeatures(200, d, 7);
  const exact = predictLatent(routines(), state, check);
  const rough = predictCandidates(routines(), state, check);
  const error = Math.max(...rough.variance.map((v, i) => Math.abs(Math.sqrt(v / exact.variance[i]!) - 1)));
  console.error(`ours: score n=${n}`);
  const sd = exact.variance.map((v) => Math.sqrt(v + noise));
  return { seconds, exactSeconds, error, check, mean: exact.mean, sd };
}

/** Wall seconds to fit 10,000 rows of 10 columns and to predict 1,000. */
function measureLargeFit(): { seconds: number; rmse: number } {
  const d = 10;
  const X = randomFeatures(11_000, d, 8);
  const y = smoothTarget(X, 9);
  const inputs = (from: number, to: number) => ({
    rowCount: to - from,
    columns: Array.from({ length: d }, (_, j) => ({
      column: { kind: 'numeric' as const, key: `x${j}`, values: columnOf(X, j).slice(from, to) },
      bounds: null,
      isAmount: false,
    })),
  });
  const start = performance.now();
  const { fitted } = gaussianProcessModel.fit(
    {
      inputs: inputs(0, 10_000),
      y: y.slice(0, 10_000),
      groups: Int32Array.from({ length: 10_000 }, (_, i) => i),
    },
    gaussianProcessModel.defaultSpec,
    createGenerator(1),
  );
  const posterior = gaussianProcessModel.predict(fitted, inputs(10_000, 11_000));
  const seconds = (performance.now() - start) / 1000;
  const errors = momentsOf(posterior).mean.map((value, i) => (value - y[10_000 + i]!) ** 2);
  return { seconds, rmse: Math.sqrt(errors.reduce((sum, v) => sum + v, 0) / 1000) };
}

const began = performance.now();
const isQuick = process.argv.includes('--quick');
const likelihoodCases = [10, 30].flatMap((d) => [100, 300, 1000].map((n) => synthetic(n, d)));
const scoreCases = [300, 1000].map((n) => synthetic(n, 10));
const fitCases = fitProblems().filter(
  ({ features }, i) => !isQuick || (i % 3 === 0 && features.rowCount <= 160),
);
const candidateCount = isQuick ? 10_000 : 100_000;
const seeds = isQuick ? 2 : 10;

console.log(`build ${routines().build}, Node ${process.version}, ${process.platform} ${process.arch}`);
const ourLikelihoods = likelihoodCases.map(measureLikelihood);
const ourFits = fitCases.map((problem, i) => measureFit(problem, i + 1));
const ourScores = scoreCases.map((one) => measureScore(one, candidateCount));
const arenaMegabytes = routines().arena.capacityBytes / 1e6;

const folder = mkdtempSync(join(tmpdir(), 'athanor-bench-gp-'));
writeFileSync(
  join(folder, 'problems.json'),
  JSON.stringify({
    likelihood: likelihoodCases.map((one) => ({ ...one, X: flat(one.X), z: [...one.z] })),
    fit: fitCases.map((one, i) => ({
      name: one.name,
      n: one.features.rowCount,
      d: one.features.columnCount,
      X: flat(one.features),
      z: [...one.z],
      lengthscaleOf: [...one.lengthscaleOf],
      ours: [...ourFits[i]!.logs],
    })),
    score: scoreCases.map((one, i) => ({
      ...one,
      X: flat(one.X),
      z: [...one.z],
      m: candidateCount,
      check: flat(ourScores[i]!.check),
      checkCount: 200,
    })),
  }),
);
const python = peerPython();
const peerRun = spawnSync(python, [join(import.meta.dirname, 'peers.py'), folder], {
  stdio: ['ignore', 'inherit', 'inherit'],
});
if (peerRun.status !== 0) throw new Error(`the peers ended with status ${peerRun.status}`);
interface Peers {
  versions: Record<string, string>;
  likelihood: { sklearn: number; gpytorch: number; nll: number; gpytorchNll: number }[];
  fit: { botorch: number; best: number; atOurs: number }[];
  score: { sklearn: number; mean: number[]; sd: number[] }[];
}
const peers = JSON.parse(readFileSync(join(folder, 'peers.json'), 'utf8')) as Peers;
rmSync(folder, { recursive: true, force: true });

const figures: Record<string, number> = {};
const round = (value: number, digits = 3): number => Number(value.toPrecision(digits));
const ms = (seconds: number): string => (1000 * seconds).toPrecision(3).padStart(9);
console.log(
  Object.entries(peers.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', '),
);

console.log('\nlikelihood and gradient, ms: ours, scikit-learn, GPyTorch; ratios; difference of values');
for (const n of [100, 300, 1000]) {
  const ratios = { sklearn: Infinity, gpytorch: Infinity };
  likelihoodCases.forEach((one, i) => {
    if (one.n !== n) return;
    const ours = ourLikelihoods[i]!;
    const peer = peers.likelihood[i]!;
    ratios.sklearn = Math.min(ratios.sklearn, peer.sklearn / ours.seconds);
    ratios.gpytorch = Math.min(ratios.gpytorch, peer.gpytorch / ours.seconds);
    console.log(
      `n=${String(n).padStart(4)} d=${one.d} ${ms(ours.seconds)} ${ms(peer.sklearn)} ${ms(peer.gpytorch)}   ${(peer.sklearn / ours.seconds).toFixed(1)}x ${(peer.gpytorch / ours.seconds).toFixed(1)}x   ${Math.abs(ours.nll - peer.nll).toExponential(1)}`,
    );
  });
  figures[`nllgrad_vs_sklearn_n${n}`] = round(ratios.sklearn);
  figures[`nllgrad_vs_gpytorch_n${n}`] = round(ratios.gpytorch);
}

console.log(
  '\nwhole fit, ms: ours (all starts), BoTorch; ratio; our objective above the best of ten scipy starts, nats',
);
const ratios = fitCases.map((_, i) => peers.fit[i]!.botorch / ourFits[i]!.seconds);
const gaps = fitCases.map((_, i) => peers.fit[i]!.atOurs - peers.fit[i]!.best);
fitCases.forEach(({ name }, i) =>
  console.log(
    `${name.padEnd(20)} ${ms(ourFits[i]!.seconds)} ${ms(peers.fit[i]!.botorch)} ${ratios[i]!.toFixed(1).padStart(6)}x ${gaps[i]!.toFixed(4)}`,
  ),
);
figures.fit_vs_botorch_median = round(median(ratios));
figures.fit_optimum_share = gaps.filter((gap) => gap <= 0.01).length / gaps.length;
const disagreement = Math.max(...fitCases.map((_, i) => Math.abs(peers.fit[i]!.atOurs - ourFits[i]!.value)));
console.log(`our objective and its numpy twin differ by at most ${disagreement.toExponential(1)}`);

console.log(
  '\nmean and sd of 100,000 points, s: candidates, predictions, scikit-learn; ratios; largest relative error of the' +
    " candidates' sd; largest difference of predictions",
);
scoreCases.forEach(({ n }, i) => {
  const ours = ourScores[i]!;
  const peer = peers.score[i]!;
  const worst = Math.max(
    ...ours.mean.map((value, k) => Math.abs(value - peer.mean[k]!)),
    ...ours.sd.map((value, k) => Math.abs(value - peer.sd[k]!)),
  );
  const ratio = peer.sklearn / ours.seconds;
  console.log(
    `n=${n} ${ours.seconds.toFixed(2)} ${ours.exactSeconds.toFixed(2)} ${peer.sklearn.toFixed(2)}   ${ratio.toFixed(2)}x ${(peer.sklearn / ours.exactSeconds).toFixed(2)}x   ${ours.error.toExponential(1)} ${worst.toExponential(1)}`,
  );
  figures[`score100k_vs_sklearn_n${n}`] = round(ratio);
});
console.log(`memory of the routines after it ${arenaMegabytes.toFixed(0)} MB`);

const large = measureLargeFit();
console.log(
  `\n10,000 x 10 fitted and 1,000 predicted in ${large.seconds.toFixed(1)} s (wall), RMSE ${large.rmse.toFixed(3)} sd`,
);
figures.vfe_10k_seconds = round(large.seconds);

console.log(`\nconcrete_uci, rest for testing, ${seeds} seeds: RMSE, CRPS, 95 % coverage`);
for (const n of [20, 30, 40, 80, 160]) {
  const { rmse, crps, coverage95 } = measureAccuracy('concrete', n, seeds);
  console.log(`n=${n} ${rmse.toFixed(2)} ${crps.toFixed(2)} ${coverage95.toFixed(3)}`);
  if (n === 30) figures.concrete_coverage95_n30 = round(coverage95);
  else figures[`concrete_rmse_n${n}`] = round(rmse);
}
const esol = await measureMolecules('esol', isQuick ? 1 : 10);
console.log(
  `\nesol, 80 % for training, ${isQuick ? 1 : 10} seeds: RMSE ${esol.rmse.toFixed(3)} ± ${esol.rmseError.toFixed(3)}, 95 % coverage ${esol.coverage95.toFixed(3)}, ${esol.fitSeconds.toFixed(1)} s a fit`,
);
figures.esol_rmse = round(esol.rmse);
console.log(
  `\ntook ${((performance.now() - began) / 60_000).toFixed(1)} minutes${isQuick ? ', quick: not to be quoted' : ''}`,
);
console.log(JSON.stringify({ bench: 'gp', figures }));
