import { GraphBuilder, type GraphValue } from '../onnx/graphBuilder.ts';
import { wholeNumbers } from '../onnx/tensor.ts';
import { gaussHermite } from '../special/quadrature.ts';
import { normalCdf } from '../special/normalCdf.ts';
import { unwarpTargetInGraph, warpTargetInGraph } from '../transforms/unwarpTargetInGraph.ts';
import type { TargetWarp } from '../transforms/targetWarp.ts';
import { normalCdfInGraph } from '../special/normalCdfInGraph.ts';

/**
 * What a model says of a new measurement, as values of a graph [m, 1]: the kinds of `Posterior` without the spread of
 * the noise-free property, which exported models do not give.
 */
export type PosteriorGraph =
  | { readonly kind: 'normal'; readonly mean: GraphValue; readonly sd: GraphValue }
  | {
      readonly kind: 'warpedNormal';
      readonly mean: GraphValue;
      readonly sd: GraphValue;
      readonly warp: TargetWarp;
    }
  | {
      readonly kind: 'splitNormal';
      readonly median: GraphValue;
      readonly lowerSd: GraphValue;
      readonly upperSd: GraphValue;
    }
  | {
      readonly kind: 'mixture';
      readonly weights: Float64Array;
      readonly members: readonly PosteriorGraph[];
    };

export interface MomentsGraph {
  readonly mean: GraphValue;
  readonly sd: GraphValue;
}

/** `widenPosterior` in a graph: spreads times a factor [m, 1], or the same for all rows. */
export function widenInGraph(
  graph: GraphBuilder,
  posterior: PosteriorGraph,
  factor: GraphValue | number,
): PosteriorGraph {
  const widen = (sd: GraphValue): GraphValue => graph.greatest(graph.multiply(sd, factor), Number.MIN_VALUE);
  switch (posterior.kind) {
    case 'normal':
    case 'warpedNormal':
      return { ...posterior, sd: widen(posterior.sd) };
    case 'splitNormal':
      return { ...posterior, lowerSd: widen(posterior.lowerSd), upperSd: widen(posterior.upperSd) };
    case 'mixture':
      return { ...posterior, members: posterior.members.map((one) => widenInGraph(graph, one, factor)) };
  }
}

/** `momentsOf` in a graph. */
export function momentsInGraph(graph: GraphBuilder, posterior: PosteriorGraph): MomentsGraph {
  switch (posterior.kind) {
    case 'normal':
      return posterior;
    case 'warpedNormal': {
      const { nodes, weights } = gaussHermite(20);
      const z = graph.add(posterior.mean, graph.multiply(posterior.sd, graph.row(nodes)));
      const values = unwarpTargetInGraph(graph, posterior.warp, z);
      const mean = graph.matrixProduct(values, graph.column(weights));
      const deviations = graph.subtract(values, mean);
      const largest = greatestOfRow(graph, graph.absolute(deviations));
      const unit = graph.where(graph.isEqual(largest, 0), 1, largest);
      const squares = graph.square(graph.divide(deviations, unit));
      const sd = graph.multiply(unit, graph.sqrt(graph.matrixProduct(squares, graph.column(weights))));
      return { mean, sd: graph.greatest(sd, Number.MIN_VALUE) };
    }
    case 'splitNormal': {
      const { median, lowerSd, upperSd } = posterior;
      const wider = graph.greatest(lowerSd, upperSd);
      const lower = graph.divide(lowerSd, wider);
      const upper = graph.divide(upperSd, wider);
      const both = graph.multiply(0.5, graph.add(graph.square(lower), graph.square(upper)));
      const skew = graph.divide(graph.square(graph.subtract(upper, lower)), 2 * Math.PI);
      const shift = graph.divide(graph.subtract(upperSd, lowerSd), Math.sqrt(2 * Math.PI));
      return {
        mean: graph.add(median, shift),
        sd: graph.multiply(wider, graph.sqrt(graph.subtract(both, skew))),
      };
    }
    case 'mixture': {
      const moments = posterior.members.map((member) => momentsInGraph(graph, member));
      const weights = graph.column(posterior.weights);
      const means = graph.join(moments.map((one) => one.mean));
      const sds = graph.join(moments.map((one) => one.sd));
      const mean = graph.matrixProduct(means, weights);
      const deviations = graph.subtract(means, mean);
      const unit = greatestOfRow(graph, graph.join([graph.absolute(deviations), sds]));
      const squares = graph.add(
        graph.square(graph.divide(deviations, unit)),
        graph.square(graph.divide(sds, unit)),
      );
      return { mean, sd: graph.multiply(unit, graph.sqrt(graph.matrixProduct(squares, weights))) };
    }
  }
}

/** `valuesAt` in a graph: the value whose z-score is z. */
export function valueInGraph(graph: GraphBuilder, posterior: PosteriorGraph, z: number): GraphValue {
  switch (posterior.kind) {
    case 'normal':
      return graph.add(posterior.mean, graph.multiply(z, posterior.sd));
    case 'warpedNormal': {
      const latent = graph.add(posterior.mean, graph.multiply(z, posterior.sd));
      return unwarpTargetInGraph(graph, posterior.warp, latent);
    }
    case 'splitNormal': {
      const sd = z < 0 ? posterior.lowerSd : posterior.upperSd;
      return graph.add(posterior.median, graph.multiply(z, sd));
    }
    case 'mixture':
      return mixtureValueInGraph(graph, posterior, z);
  }
}

/** Halvings of the interval between the values of the members; the next ones would be lost in rounding. */
const halvings = 60;

/** The value at which sum_k weights_k F_k(y) = Phi(z), between those of the members. */
function mixtureValueInGraph(
  graph: GraphBuilder,
  { weights, members }: Extract<PosteriorGraph, { kind: 'mixture' }>,
  z: number,
): GraphValue {
  const values = members.map((member) => valueInGraph(graph, member, z));
  const body = new GraphBuilder(graph);
  const port = (name: string) =>
    ({ name: `${values[0]!.name} ${name}`, type: 'float64', shape: ['m', 1] }) as const;
  body.input({ name: `${values[0]!.name} step`, type: 'int64', shape: [] });
  const goesOn = body.input({ name: `${values[0]!.name} goes on`, type: 'boolean', shape: [] });
  const low = body.input(port('low'));
  const high = body.input(port('high'));
  const middle = body.multiply(0.5, body.add(low, high));
  // The smaller of the two tails, which keeps its precision.
  const side = z < 0 ? 1 : -1;
  const tail = body.sum(
    members.map((member, k) => {
      const score = body.multiply(side, zScoreInGraph(body, member, middle));
      return body.multiply(weights[k]!, normalCdfInGraph(body, score));
    }),
  );
  const wanted = normalCdf(side * z);
  const isBelow = side === 1 ? body.isLess(tail, wanted) : body.isLess(wanted, tail);
  body.output({ name: `${values[0]!.name} still goes on`, type: 'boolean', shape: [] }, goesOn);
  body.output(port('next low'), body.where(isBelow, middle, low));
  body.output(port('next high'), body.where(isBelow, high, middle));
  const steps = graph.constant({ type: 'int64', shape: [], cells: [halvings] });
  const always = graph.apply('Equal', [steps, steps]);
  const [left, right] = graph.applyForAll(
    'Loop',
    [steps, always, graph.least(...values), graph.greatest(...values)],
    2,
    { body: body.finish() },
  );
  return graph.multiply(0.5, graph.add(left!, right!));
}

/** `zScoresOf` in a graph. */
function zScoreInGraph(graph: GraphBuilder, posterior: PosteriorGraph, y: GraphValue): GraphValue {
  switch (posterior.kind) {
    case 'normal':
      return graph.divide(graph.subtract(y, posterior.mean), posterior.sd);
    case 'warpedNormal': {
      const z = warpTargetInGraph(graph, posterior.warp, y);
      return graph.divide(graph.subtract(z, posterior.mean), posterior.sd);
    }
    case 'splitNormal': {
      const { median, lowerSd, upperSd } = posterior;
      const sd = graph.where(graph.isLess(y, median), lowerSd, upperSd);
      return graph.divide(graph.subtract(y, median), sd);
    }
    case 'mixture':
      throw new TypeError('a mixture has no mixtures among its members');
  }
}

/** The largest cell of each row [m, 1]. */
function greatestOfRow(graph: GraphBuilder, a: GraphValue): GraphValue {
  return graph.apply('ReduceMax', [a, graph.constant(wholeNumbers([1]))], { keepdims: 1 });
}
