import type { LimitedMemoryHessian } from './limitedMemoryHessian.ts';

/** What the search along the projected gradient leaves for the subspace minimisation; arrays are reused. */
export interface CauchyPoint {
  /** Generalised Cauchy point [d]. */
  readonly x: Float64Array;
  /** W'(xc - x) [2k]. */
  readonly c: Float64Array;
  /** 1 where the variable did not end at a bound [d]. */
  readonly isFree: Uint8Array;
  // Workspace
  readonly direction: Float64Array;
  readonly breakpoint: Float64Array;
  readonly p: Float64Array;
  readonly row: Float64Array;
  readonly middleRow: Float64Array;
}

export function createCauchyPoint(dimension: number, memory: number): CauchyPoint {
  return {
    x: new Float64Array(dimension),
    c: new Float64Array(2 * memory),
    isFree: new Uint8Array(dimension),
    direction: new Float64Array(dimension),
    breakpoint: new Float64Array(dimension),
    p: new Float64Array(2 * memory),
    row: new Float64Array(2 * memory),
    middleRow: new Float64Array(2 * memory),
  };
}

/**
 * First local minimiser of the quadratic model g'(z - x) + (z - x)'B(z - x)/2 along the piecewise linear path
 * P(x - t g), t >= 0 (Byrd, Lu, Nocedal & Zhu 1995, algorithm CP). The bends are visited in ascending t; slope and
 * curvature of the model follow by rank-one updates, O(k^2) a bend.
 */
export function findCauchyPoint(
  x: Float64Array,
  gradient: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  hessian: LimitedMemoryHessian,
  out: CauchyPoint,
): void {
  const { direction: d, breakpoint: t, isFree, c, p, row, middleRow } = out;
  const { size, S, Y, theta } = hessian;
  const dimension = x.length;
  const width = 2 * size;
  p.fill(0, 0, width);
  c.fill(0, 0, width);
  out.x.set(x);

  let slope = 0; // f' along the current piece
  const bends: number[] = [];
  for (let i = 0; i < dimension; i++) {
    const g = gradient[i]!;
    t[i] = g < 0 ? (x[i]! - upper[i]!) / g : g > 0 ? (x[i]! - lower[i]!) / g : Infinity;
    const isFixed = (g >= 0 && x[i]! <= lower[i]!) || (g <= 0 && x[i]! >= upper[i]!);
    isFree[i] = isFixed ? 0 : 1;
    d[i] = isFixed ? 0 : -g;
    if (isFixed || g === 0) continue;
    slope -= g * g;
    for (let j = 0; j < size; j++) {
      p[j] = p[j]! - Y[j]![i]! * g;
      p[size + j] = p[size + j]! - S[j]![i]! * g * theta;
    }
    if (t[i]! < Infinity) bends.push(i);
  }
  if (slope === 0) return;
  bends.sort((i, j) => t[i]! - t[j]!);

  let curvature = -theta * slope; // f''
  const leastCurvature = Number.EPSILON * curvature;
  if (size > 0) curvature -= middleForm(hessian, p, p, middleRow, width);
  let step = -slope / curvature; // from the start of the current piece to its minimiser
  let reached = 0;
  let bend = 0;
  for (; bend < bends.length; bend++) {
    const i = bends[bend]!;
    const length = t[i]! - reached;
    if (step < length) break;
    reached = t[i]!;
    const g = gradient[i]!;
    const isAtUpper = d[i]! > 0;
    out.x[i] = isAtUpper ? upper[i]! : lower[i]!;
    const moved = out.x[i]! - x[i]!;
    isFree[i] = 0;
    d[i] = 0;
    slope += length * curvature + g * g + theta * g * moved;
    curvature -= theta * g * g;
    if (size > 0) {
      for (let j = 0; j < width; j++) c[j] = c[j]! + length * p[j]!;
      hessian.readRow(i, row);
      // M is symmetric: one product M w serves w'M c, w'M p and w'M w.
      middleRow.set(row);
      hessian.multiplyMiddle(middleRow);
      let wMc = 0;
      let wMp = 0;
      let wMw = 0;
      for (let j = 0; j < width; j++) {
        wMc += middleRow[j]! * c[j]!;
        wMp += middleRow[j]! * p[j]!;
        wMw += middleRow[j]! * row[j]!;
        p[j] = p[j]! + g * row[j]!;
      }
      slope -= g * wMc;
      curvature -= 2 * g * wMp + g * g * wMw;
    }
    curvature = Math.max(leastCurvature, curvature);
    // Once every variable that moves has met a bound there is no path left.
    step = hasDirection(d) ? -slope / curvature : 0;
  }
  step = Math.max(step, 0);
  reached += step;
  for (let i = 0; i < dimension; i++) if (d[i] !== 0) out.x[i] = x[i]! + reached * d[i]!;
  for (let j = 0; j < width; j++) c[j] = c[j]! + step * p[j]!;
}

/** a'M b */
function middleForm(
  hessian: LimitedMemoryHessian,
  a: Float64Array,
  b: Float64Array,
  workspace: Float64Array,
  width: number,
): number {
  workspace.set(b);
  hessian.multiplyMiddle(workspace);
  let sum = 0;
  for (let j = 0; j < width; j++) sum += a[j]! * workspace[j]!;
  return sum;
}

function hasDirection(d: Float64Array): boolean {
  for (let i = 0; i < d.length; i++) if (d[i] !== 0) return true;
  return false;
}
