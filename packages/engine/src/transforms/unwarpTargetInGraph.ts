import type { GraphBuilder, GraphValue } from '../onnx/graphBuilder.ts';
import { expMinusOne } from '../onnx/expMinusOne.ts';
import { logOnePlus } from '../onnx/logOnePlus.ts';
import { standardizeTargetInGraph, targetValueInGraph } from './targetValueInGraph.ts';
import { curveEnds, logitMargin, type TargetWarp, type WarpShape } from './targetWarp.ts';

/** `unwarping` in a graph. */
export function unwarpTargetInGraph(graph: GraphBuilder, warp: TargetWarp, z: GraphValue): GraphValue {
  const { shape, scale } = warp;
  const { low, high } = curveEnds(warp);
  const within = clipTo(graph, z, low?.z, high?.z);
  const terms = [inverseInGraph(graph, shape, targetValueInGraph(graph, scale, within))];
  if (low !== null) terms.push(graph.multiply(low.slope, graph.least(graph.subtract(z, low.z), 0)));
  if (high !== null) terms.push(graph.multiply(high.slope, graph.greatest(graph.subtract(z, high.z), 0)));
  return terms.length === 1 ? terms[0]! : graph.clip(graph.sum(terms), -Number.MAX_VALUE, Number.MAX_VALUE);
}

function clipTo(
  graph: GraphBuilder,
  value: GraphValue,
  low: number | undefined,
  high: number | undefined,
): GraphValue {
  const above = low === undefined ? value : graph.greatest(value, low);
  return high === undefined ? above : graph.least(above, high);
}

function inverseInGraph(graph: GraphBuilder, shape: WarpShape, v: GraphValue): GraphValue {
  switch (shape.kind) {
    case 'identity':
      return v;
    case 'log':
      return graph.exp(v);
    case 'logit': {
      const sigmoid = graph.divide(1, graph.add(1, graph.exp(graph.subtract(0, v))));
      const p = graph.divide(graph.subtract(sigmoid, logitMargin), 1 - 2 * logitMargin);
      return graph.add(shape.lower, graph.multiply(shape.upper - shape.lower, graph.clip(p, 0, 1)));
    }
    case 'yeoJohnson': {
      const { lambda, inner } = shape;
      const above = inversePowerInGraph(graph, graph.greatest(v, 0), lambda);
      const below = inversePowerInGraph(graph, graph.greatest(graph.subtract(0, v), 0), 2 - lambda);
      const y = targetValueInGraph(graph, inner, graph.subtract(above, below));
      return graph.clip(y, -Number.MAX_VALUE, Number.MAX_VALUE);
    }
  }
}

/** ((1 + u)^power - 1) / power = v solved for u, for v >= 0. */
function inversePowerInGraph(graph: GraphBuilder, v: GraphValue, power: number): GraphValue {
  if (power === 0) return expMinusOne(graph, v);
  const product = graph.multiply(power, v);
  const u = expMinusOne(graph, graph.divide(logOnePlus(graph, product), power));
  return graph.where(graph.isAtMost(product, -1), Infinity, u);
}

/** `warpTargets` in a graph. */
export function warpTargetInGraph(graph: GraphBuilder, warp: TargetWarp, y: GraphValue): GraphValue {
  const { low, high } = curveEnds(warp);
  const curved = forwardInGraph(graph, warp.shape, clipTo(graph, y, low?.y, high?.y));
  const terms = [standardizeTargetInGraph(graph, warp.scale, curved)];
  if (low !== null) terms.push(graph.divide(graph.least(graph.subtract(y, low.y), 0), low.slope));
  if (high !== null) terms.push(graph.divide(graph.greatest(graph.subtract(y, high.y), 0), high.slope));
  return graph.sum(terms);
}

function forwardInGraph(graph: GraphBuilder, shape: WarpShape, y: GraphValue): GraphValue {
  switch (shape.kind) {
    case 'identity':
      return y;
    case 'log':
      return graph.where(graph.isLess(0, y), graph.log(y), -Infinity);
    case 'logit': {
      const p = graph.clip(placeInGraph(graph, shape, y), 0, 1);
      return graph.subtract(graph.log(p), logOnePlus(graph, graph.subtract(0, p)));
    }
    case 'yeoJohnson': {
      const { lambda, inner } = shape;
      const u = standardizeTargetInGraph(graph, inner, y);
      const above = powerInGraph(graph, graph.greatest(u, 0), lambda);
      const below = powerInGraph(graph, graph.greatest(graph.subtract(0, u), 0), 2 - lambda);
      return graph.subtract(above, below);
    }
  }
}

/** Place between the bounds, drawn in. */
function placeInGraph(
  graph: GraphBuilder,
  { lower, upper }: Extract<WarpShape, { kind: 'logit' }>,
  y: GraphValue,
): GraphValue {
  const place = graph.divide(graph.subtract(y, lower), upper - lower);
  return graph.add(logitMargin, graph.multiply(1 - 2 * logitMargin, place));
}

/** ((1 + u)^power - 1) / power for u >= 0. */
function powerInGraph(graph: GraphBuilder, u: GraphValue, power: number): GraphValue {
  const log = logOnePlus(graph, u);
  return power === 0 ? log : graph.divide(expMinusOne(graph, graph.multiply(power, log)), power);
}

/** The slope dz/dy of the warp at y, exp of `warpLogSlope`; zero outside its domain. */
export function warpSlopeInGraph(graph: GraphBuilder, warp: TargetWarp, y: GraphValue): GraphValue {
  const { shape, scale } = warp;
  const { low, high } = curveEnds(warp);
  const logSlope = graph.subtract(
    logSlopeInGraph(graph, shape, y),
    Math.log(scale.spread) + Math.log(scale.magnitude),
  );
  let slope = graph.exp(logSlope);
  if (low !== null) slope = graph.where(graph.isLess(y, low.y), 1 / low.slope, slope);
  if (high !== null) slope = graph.where(graph.isLess(high.y, y), 1 / high.slope, slope);
  return slope;
}

function logSlopeInGraph(graph: GraphBuilder, shape: WarpShape, y: GraphValue): GraphValue {
  switch (shape.kind) {
    case 'identity':
      return graph.multiply(0, y);
    case 'log':
      return graph.where(graph.isLess(0, y), graph.subtract(0, graph.log(y)), -Infinity);
    case 'logit': {
      const { lower, upper } = shape;
      const p = placeInGraph(graph, shape, y);
      const rest = graph.add(graph.log(p), logOnePlus(graph, graph.subtract(0, p)));
      const slope = graph.subtract(Math.log((1 - 2 * logitMargin) / (upper - lower)), rest);
      const isOutside = graph.any([graph.isAtMost(p, 0), graph.isAtMost(1, p)]);
      return graph.where(isOutside, -Infinity, slope);
    }
    case 'yeoJohnson': {
      const { lambda, inner } = shape;
      const u = standardizeTargetInGraph(graph, inner, y);
      const size = graph.multiply(lambda - 1, logOnePlus(graph, graph.absolute(u)));
      const slope = graph.where(graph.isLess(u, 0), graph.subtract(0, size), size);
      return graph.subtract(slope, Math.log(inner.spread) + Math.log(inner.magnitude));
    }
  }
}
