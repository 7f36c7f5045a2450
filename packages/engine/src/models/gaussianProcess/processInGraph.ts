import type { Routines } from '@athanor/wasm';
import { readKernelParameters, type KernelParameters } from '../../kernels/kernel.ts';
import { kernelInGraph } from '../../kernels/kernelGraph.ts';
import type { GraphBuilder, GraphValue } from '../../onnx/graphBuilder.ts';
import { doubles } from '../../onnx/tensor.ts';
import { columnOf } from '../../linalg/matrix.ts';
import type { PosteriorGraph } from '../../posteriors/posteriorGraph.ts';
import { encodeInputsInGraph, type InputGraph } from '../../transforms/inputGraph.ts';
import { targetSpreadInGraph, targetValueInGraph } from '../../transforms/targetValueInGraph.ts';
import { unwarpTargetInGraph, warpSlopeInGraph } from '../../transforms/unwarpTargetInGraph.ts';
import { placeFactor } from './factorCovariance.ts';
import type { FittedGaussianProcess } from './fittedGaussianProcess.ts';
import { noiseVarianceOf, type GaussianProcessState, type ProcessMember } from './gaussianProcessState.ts';
import { leastVariance } from './knownNoise.ts';
import { placeTriangle } from './packedTriangle.ts';
import { reach } from './predictWithinReach.ts';

/** Mean and variance of the noise-free standardised target [m, 1]. */
interface LatentGraph {
  readonly mean: GraphValue;
  readonly variance: GraphValue;
}

/**
 * A trained Gaussian process in a graph, exactly as it predicts here: `predictWithinReach` with the factors of the
 * covariances inverted beforehand, so that solving becomes a product.
 */
export function processInGraph(
  routines: Routines,
  graph: GraphBuilder,
  fitted: FittedGaussianProcess,
  inputs: InputGraph,
): PosteriorGraph {
  const { encoder, warp, rowCount, state } = fitted;
  const { mean, variance } =
    state.kind === 'process'
      ? latentWithinReach(routines, graph, state, encodeInputsInGraph(graph, encoder, inputs))
      : { mean: inputs.zeros, variance: graph.add(inputs.zeros, state.noiseVariance / rowCount) };
  const usual = state.kind === 'process' ? noiseVarianceOf(state) : state.noiseVariance;
  const sd = graph.sqrt(graph.add(variance, noiseInGraph(graph, fitted, inputs, mean, usual)));
  if (warp.shape.kind !== 'identity') return { kind: 'warpedNormal', mean, sd, warp };
  return {
    kind: 'normal',
    mean: targetValueInGraph(graph, warp.scale, mean),
    sd: targetSpreadInGraph(graph, warp.scale, sd),
  };
}

/** `knownNoiseAt` in a graph. */
function noiseInGraph(
  graph: GraphBuilder,
  { noiseColumn, noiseTrend, warp }: FittedGaussianProcess,
  inputs: InputGraph,
  mean: GraphValue,
  usual: number,
): GraphValue | number {
  if (noiseTrend !== null) {
    const { slope, least, greatest } = noiseTrend;
    return graph.multiply(usual, graph.exp(graph.multiply(slope, graph.clip(mean, least, greatest))));
  }
  if (noiseColumn === null) return usual;
  const sd = inputs.columns.get(noiseColumn)!;
  const slope = warpSlopeInGraph(graph, warp, unwarpTargetInGraph(graph, warp, mean));
  const known = graph.greatest(graph.square(graph.multiply(sd, slope)), leastVariance);
  return graph.where(graph.isAtMost(0, sd), known, usual);
}

function latentWithinReach(
  routines: Routines,
  graph: GraphBuilder,
  state: GaussianProcessState,
  columns: readonly GraphValue[],
): LatentGraph {
  // One above the other, so that the covariances are in the file once.
  const both = columns.map((column) =>
    graph.apply('Concat', [graph.clip(column, -reach, 1 + reach), column], { axis: 0 }),
  );
  const { mean, variance } = latentInGraph(routines, graph, state, both);
  const halves = (values: GraphValue): GraphValue[] =>
    graph.applyForAll('Split', [values], 2, { axis: 0, num_outputs: 2 });
  return { mean: halves(mean)[0]!, variance: graph.greatest(...halves(variance)) };
}

/** `predictLatent` in a graph. */
function latentInGraph(
  routines: Routines,
  graph: GraphBuilder,
  state: GaussianProcessState,
  columns: readonly GraphValue[],
): LatentGraph {
  const parts = state.members.map((member) => memberInGraph(routines, graph, state, member, columns));
  if (parts.length === 1) return parts[0]!;
  const mean = graph.divide(graph.sum(parts.map((part) => part.mean)), parts.length);
  const spreads = parts.map((part) =>
    graph.add(part.variance, graph.square(graph.subtract(part.mean, mean))),
  );
  return { mean, variance: graph.divide(graph.sum(spreads), parts.length) };
}

/** `predictMember` in a graph. */
function memberInGraph(
  routines: Routines,
  graph: GraphBuilder,
  state: GaussianProcessState,
  member: ProcessMember,
  columns: readonly GraphValue[],
): LatentGraph {
  const { kernel, features } = state;
  const parameters: KernelParameters = readKernelParameters(kernel, member.logs);
  const rows = Array.from({ length: features.columnCount }, (_, j) => columnOf(features, j));
  const { cross, prior } = kernelInGraph(graph, kernel, parameters, columns, rows);
  const mean = graph.add(member.mean, graph.matrixProduct(cross, graph.column(member.alpha)));
  const squaresAfter = (solve: Float64Array): GraphValue => {
    const n = features.rowCount;
    return graph.sumOfRow(graph.square(graph.matrixProduct(cross, graph.constant(doubles(solve, [n, n])))));
  };
  const { explained, regained } = solversOf(routines, state, member);
  const reduced = graph.subtract(prior, squaresAfter(explained));
  // The covariance is a difference: rounding may take it below zero.
  const least = graph.greatest(reduced, 0);
  return { mean, variance: regained === null ? least : graph.add(least, squaresAfter(regained)) };
}

/** Inverses of the factors, transposed: k* times one is what solving gives, a row a prediction [n * n]. */
function solversOf(
  routines: Routines,
  state: GaussianProcessState,
  member: ProcessMember,
): { readonly explained: Float64Array; readonly regained: Float64Array | null } {
  const { arena, blas } = routines;
  const n = state.features.rowCount;
  const mark = arena.mark();
  try {
    const inverse = arena.allocateMatrix(n, n);
    const view = () => arena.float64(inverse.pointer, inverse.ld * n);
    view().fill(0);
    for (let i = 0; i < n; i++) view()[i * (inverse.ld + 1)] = 1;
    const solve = (factor: { pointer: number; ld: number }): Float64Array => {
      blas.trsm('L', 'N', n, n, factor.pointer, factor.ld, inverse.pointer, inverse.ld);
      // Column after column of the inverse is row after row of its transpose.
      const cells = new Float64Array(n * n);
      for (let j = 0; j < n; j++) cells.set(view().subarray(j * inverse.ld, j * inverse.ld + n), j * n);
      return cells;
    };
    if (member.kind === 'exact')
      return { explained: solve(placeFactor(routines, state, member)), regained: null };
    const explained = solve(placeTriangle(arena, member.priorFactor, n));
    return { explained, regained: solve(placeTriangle(arena, member.posteriorFactor, n)) };
  } finally {
    arena.release(mark);
  }
}
