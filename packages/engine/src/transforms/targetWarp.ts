import type { PlainDataReader } from '../plainDataReader.ts';
import { checkTargetScale, fitTargetScale, standardizeTarget, type TargetScale } from './targetScale.ts';
import { inverseYeoJohnson, yeoJohnson, yeoJohnsonLogSlope } from './yeoJohnson.ts';

export const targetWarpKinds = ['identity', 'log', 'logit', 'yeoJohnson'] as const;
export type TargetWarpKind = (typeof targetWarpKinds)[number];

/** The part of a warp that changes the shape of the distribution. */
export type WarpShape =
  | { readonly kind: 'identity' }
  /** log y, for y > 0. */
  | { readonly kind: 'log' }
  /** log(p / (1 - p)), p the place of y between the bounds, drawn in by a thousandth so that the bounds themselves fit. */
  | { readonly kind: 'logit'; readonly lower: number; readonly upper: number }
  /** Yeo-Johnson of the standardised target. */
  | { readonly kind: 'yeoJohnson'; readonly lambda: number; readonly inner: TargetScale };

/** Increasing map from a target y to z of mean 0 and standard deviation 1 on the rows it was fitted to. */
export type TargetWarp = {
  readonly shape: WarpShape;
  readonly scale: TargetScale;
  /** Where the curve ends: beyond these z a warp goes on as a straight line, unless the domain of the target ends there. */
  readonly least: number;
  readonly greatest: number;
};

/**
 * How far beyond the targets seen a warp is followed where its inverse gets steeper, in standard deviations: an
 * exponential that goes on for longer gives means that no experiment has hinted at. Where it gets flatter it is followed
 * to the last target seen: farther out it would narrow what is said of a measurement, and nothing seen bears that out.
 */
const reach = 1;
/** And in ranges of the targets seen: one standard deviation of a logarithm may be a factor of five. */
const rangeReach = 0.5;
export const logitMargin = 1e-3;

interface WarpRules<S> {
  forward(shape: S, y: number): number;
  inverse(shape: S, v: number): number;
  /** log |dv/dy| */
  logSlope(shape: S, y: number): number;
}

type ShapeOf<K extends TargetWarpKind> = Extract<WarpShape, { kind: K }>;

function place({ lower, upper }: ShapeOf<'logit'>, y: number): number {
  return logitMargin + (1 - 2 * logitMargin) * ((y - lower) / (upper - lower));
}

const inner = ({ inner: scale }: ShapeOf<'yeoJohnson'>, y: number): number =>
  (y / scale.magnitude - scale.centre) / scale.spread;

const rules: { [K in TargetWarpKind]: WarpRules<ShapeOf<K>> } = {
  identity: { forward: (_, y) => y, inverse: (_, v) => v, logSlope: () => 0 },
  log: {
    forward: (_, y) => (y > 0 ? Math.log(y) : -Infinity),
    inverse: (_, v) => Math.exp(v),
    logSlope: (_, y) => (y > 0 ? -Math.log(y) : -Infinity),
  },
  logit: {
    forward(shape, y) {
      const p = Math.min(Math.max(place(shape, y), 0), 1);
      return Math.log(p) - Math.log1p(-p);
    },
    inverse({ lower, upper }, v) {
      const p = (1 / (1 + Math.exp(-v)) - logitMargin) / (1 - 2 * logitMargin);
      return lower + (upper - lower) * Math.min(1, Math.max(0, p));
    },
    logSlope(shape, y) {
      const p = place(shape, y);
      if (p <= 0 || p >= 1) return -Infinity;
      return Math.log((1 - 2 * logitMargin) / (shape.upper - shape.lower)) - Math.log(p) - Math.log1p(-p);
    },
  },
  yeoJohnson: {
    forward: (shape, y) => yeoJohnson(inner(shape, y), shape.lambda),
    inverse({ lambda, inner: scale }, v) {
      const u = inverseYeoJohnson(v, lambda);
      const y = (scale.centre + scale.spread * u) * scale.magnitude;
      return Math.min(Math.max(y, -Number.MAX_VALUE), Number.MAX_VALUE);
    },
    logSlope: (shape, y) =>
      yeoJohnsonLogSlope(inner(shape, y), shape.lambda) -
      Math.log(shape.inner.spread) -
      Math.log(shape.inner.magnitude),
  },
};

function rulesOf(shape: WarpShape): WarpRules<WarpShape> {
  return rules[shape.kind] as WarpRules<WarpShape>;
}

/** The warp of this shape fitted to y [n]. @throws RangeError where y is outside the domain of the shape. */
export function fitTargetWarp(shape: WarpShape, y: Float64Array): TargetWarp {
  const warped = y.map((value) => rulesOf(shape).forward(shape, value));
  if (!warped.every(Number.isFinite))
    throw new RangeError(`some targets are outside the domain of ${shape.kind}`);
  // Sorted, so that the order of the rows makes no difference to the last digit.
  const scale = fitTargetScale(warped.slice().sort());
  const z = standardizeTarget(scale, warped);
  const [lowest, highest] = endsOf(y);
  const margin = rangeReach * (highest / 2 - lowest / 2) * 2;
  const [first, last] = standardizeTarget(
    scale,
    Float64Array.of(lowest - margin, highest + margin).map((value) => rulesOf(shape).forward(shape, value)),
  ) as unknown as [number, number];
  const [lowestZ, highestZ] = endsOf(z);
  // Outside the domain of the shape there is nothing to stop at.
  const least = Math.max(lowestZ - reach, first > -Infinity ? first : -Infinity);
  const greatest = Math.min(highestZ + reach, last < Infinity ? last : Infinity);
  const curve: Curve = { shape, scale };
  return {
    ...curve,
    least: steepness(curve, least) < steepness(curve, lowestZ) ? lowestZ : least,
    greatest: steepness(curve, greatest) < steepness(curve, highestZ) ? highestZ : greatest,
  };
}

type Curve = Pick<TargetWarp, 'shape' | 'scale'>;

/** The curve without its straight continuations. */
function bend({ shape, scale }: Curve, z: number): number {
  return rulesOf(shape).inverse(shape, (scale.centre + scale.spread * z) * scale.magnitude);
}

/** log dz/dy of the curve at y. */
function logSlopeAt({ shape, scale }: Curve, y: number): number {
  return rulesOf(shape).logSlope(shape, y) - Math.log(scale.spread) - Math.log(scale.magnitude);
}

/** dy/dz of the curve at z. */
function steepness(curve: Curve, z: number): number {
  return Math.exp(-logSlopeAt(curve, bend(curve, z)));
}

/** Where a curve gives way to a straight line, on both scales. */
export interface CurveEnd {
  readonly z: number;
  readonly y: number;
  /** dy/dz of the line. */
  readonly slope: number;
}

/**
 * The ends of a curved warp; null where there is none: a straight warp, and the side on which the domain of the target
 * ends, which no line may leave. A line is as steep as the curve at its end, but no steeper than the chord from end to
 * end: on the tangent of an exponential means would be many ranges away.
 */
export function curveEnds(warp: TargetWarp): {
  readonly low: CurveEnd | null;
  readonly high: CurveEnd | null;
} {
  const { shape, least, greatest } = warp;
  const { kind } = shape;
  // Equal targets have both ends in one place.
  const chord = greatest > least ? (bend(warp, greatest) - bend(warp, least)) / (greatest - least) : Infinity;
  const endAt = (z: number): CurveEnd => ({
    z,
    y: bend(warp, z),
    slope: Math.min(chord, steepness(warp, z)),
  });
  return {
    low: kind === 'yeoJohnson' ? endAt(warp.least) : null,
    high: kind === 'yeoJohnson' || kind === 'log' ? endAt(warp.greatest) : null,
  };
}

function endsOf(values: Float64Array): [number, number] {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const value of values) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return [lowest, highest];
}

/** z of targets y [n]; infinite outside the domain of the warp. */
export function warpTargets(warp: TargetWarp, y: Float64Array): Float64Array {
  const { shape, scale } = warp;
  const { low, high } = curveEnds(warp);
  const z = standardizeTarget(
    scale,
    y.map((value) => rulesOf(shape).forward(shape, value)),
  );
  return z.map((value, i) => {
    if (low !== null && y[i]! < low.y) return low.z + (y[i]! - low.y) / low.slope;
    if (high !== null && y[i]! > high.y) return high.z + (y[i]! - high.y) / high.slope;
    return value;
  });
}

/** What takes z back to the target: increasing, without end but for the side on which the domain of the target ends. */
export function unwarping(warp: TargetWarp): (z: number) => number {
  const { low, high } = curveEnds(warp);
  const limit = (y: number): number => Math.min(Math.max(y, -Number.MAX_VALUE), Number.MAX_VALUE);
  return (z) => {
    if (low !== null && z < low.z) return limit(low.y + low.slope * (z - low.z));
    if (high !== null && z > high.z) return limit(high.y + high.slope * (z - high.z));
    return bend(warp, z);
  };
}

/** log dz/dy at y; -Infinity outside the domain. */
export function warpLogSlope(warp: TargetWarp, y: number): number {
  const { low, high } = curveEnds(warp);
  if (low !== null && y < low.y) return -Math.log(low.slope);
  if (high !== null && y > high.y) return -Math.log(high.slope);
  return logSlopeAt(warp, y);
}

/** @throws EngineError with code ARTIFACT_INVALID */
export function checkTargetWarp(reader: PlainDataReader): TargetWarp {
  const least = reader.field('least').number();
  return {
    shape: checkShape(reader.field('shape')),
    scale: checkTargetScale(reader.field('scale')),
    least,
    greatest: reader.field('greatest').number({ min: least }),
  };
}

function checkShape(reader: PlainDataReader): WarpShape {
  const kind = reader.field('kind').oneOf(targetWarpKinds);
  if (kind === 'logit') {
    const lower = reader.field('lower').number();
    const upper = reader.field('upper').number();
    if (!(lower < upper)) throw reader.fail('must have a lower bound below the upper one');
    return { kind, lower, upper };
  }
  if (kind === 'yeoJohnson') {
    const lambda = reader.field('lambda').number({ min: -10, max: 10 });
    return { kind, lambda, inner: checkTargetScale(reader.field('inner')) };
  }
  return { kind };
}
