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
  /** Least and greatest z that are unwarped; the inverse of a curved warp is constant beyond. */
  readonly least: number;
  readonly greatest: number;
};

/**
 * How far beyond the targets seen a curved warp is followed, in standard deviations: an exponential that goes on for
 * longer gives means that no experiment has hinted at.
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
  return { shape, scale, least, greatest };
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
export function warpTargets({ shape, scale }: TargetWarp, y: Float64Array): Float64Array {
  return standardizeTarget(
    scale,
    y.map((value) => rulesOf(shape).forward(shape, value)),
  );
}

/** The target y at z. Increasing; constant beyond the reach of the warp unless it is a straight line. */
export function unwarpTarget({ shape, scale, least, greatest }: TargetWarp, z: number): number {
  const within = shape.kind === 'identity' ? z : Math.min(Math.max(z, least), greatest);
  return rulesOf(shape).inverse(shape, (scale.centre + scale.spread * within) * scale.magnitude);
}

/** log dz/dy at y; -Infinity outside the domain. */
export function warpLogSlope({ shape, scale }: TargetWarp, y: number): number {
  return rulesOf(shape).logSlope(shape, y) - Math.log(scale.spread) - Math.log(scale.magnitude);
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
