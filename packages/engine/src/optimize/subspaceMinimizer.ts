import type { CauchyPoint } from './findCauchyPoint.ts';
import type { LimitedMemoryHessian } from './limitedMemoryHessian.ts';
import { QuasiDefiniteFactor } from './quasiDefiniteFactor.ts';

/**
 * Minimises the quadratic model over the variables that are free at the Cauchy point, by the direct primal method
 * (Byrd, Lu, Nocedal & Zhu 1995, section 5.1, in the indefinite form of eq. 5.11), and brings the result back into
 * the box by projection, or by cutting the step where projection would not descend (Morales & Nocedal 2011).
 */
export class SubspaceMinimizer {
  readonly #factor: QuasiDefiniteFactor;
  readonly #free: Int32Array;
  readonly #r: Float64Array;
  readonly #v: Float64Array;
  readonly #projected: Float64Array;

  constructor(dimension: number, memory: number) {
    this.#factor = new QuasiDefiniteFactor(memory);
    this.#free = new Int32Array(dimension);
    this.#r = new Float64Array(dimension);
    this.#v = new Float64Array(2 * memory);
    this.#projected = new Float64Array(dimension);
  }

  /** Moves `cauchy.x` to the minimiser; false when the small system is singular and the curvature must be forgotten. */
  minimize(
    x: Float64Array,
    gradient: Float64Array,
    lower: Float64Array,
    upper: Float64Array,
    hessian: LimitedMemoryHessian,
    cauchy: CauchyPoint,
  ): boolean {
    const free = this.#free;
    let count = 0;
    for (let i = 0; i < x.length; i++) if (cauchy.isFree[i] === 1) free[count++] = i;
    if (count === 0 || hessian.size === 0) return true;
    if (!this.#factorReduced(hessian, cauchy.isFree)) return false;

    const { size, S, Y, theta } = hessian;
    const r = this.#r;
    const v = this.#v;
    // r = -Z'(g + B(xc - x)), B(xc - x) = theta (xc - x) - W M c
    v.set(cauchy.c);
    hessian.multiplyMiddle(v);
    for (let a = 0; a < count; a++) {
      const i = free[a]!;
      let sum = -gradient[i]! - theta * (cauchy.x[i]! - x[i]!);
      for (let j = 0; j < size; j++) sum += Y[j]![i]! * v[j]! + theta * S[j]![i]! * v[size + j]!;
      r[a] = sum;
    }
    // step = r/theta + Z'W K^-1 W'Z r / theta^2
    for (let j = 0; j < size; j++) {
      let sumY = 0;
      let sumS = 0;
      for (let a = 0; a < count; a++) {
        sumY += Y[j]![free[a]!]! * r[a]!;
        sumS += S[j]![free[a]!]! * r[a]!;
      }
      v[j] = sumY;
      v[size + j] = theta * sumS;
    }
    this.#factor.solve(v);
    for (let a = 0; a < count; a++) {
      const i = free[a]!;
      let sum = 0;
      for (let j = 0; j < size; j++) sum += Y[j]![i]! * v[j]! + theta * S[j]![i]! * v[size + j]!;
      r[a] = (r[a]! + sum / theta) / theta;
    }
    this.#moveInside(x, gradient, lower, upper, cauchy, count);
    return true;
  }

  /** Factors K = [-D - Y'ZZ'Y/theta, (La - Rz)'; La - Rz, theta S'AA'S], Z the free and A the active variables. */
  #factorReduced(hessian: LimitedMemoryHessian, isFree: Uint8Array): boolean {
    const { size, memory: m, S, Y, SY, theta } = hessian;
    const { A, B, C } = this.#factor;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const isLower = i > j;
        let yy = 0;
        let sy = 0;
        let ss = 0;
        const [si, yi, sj, yj] = [S[i]!, Y[i]!, S[j]!, Y[j]!];
        for (let a = 0; a < isFree.length; a++) {
          if (isFree[a] === 1) {
            yy += yi[a]! * yj[a]!;
            if (!isLower) sy -= si[a]! * yj[a]!;
          } else {
            ss += si[a]! * sj[a]!;
            if (isLower) sy += si[a]! * yj[a]!;
          }
        }
        A[i * m + j] = yy / theta + (i === j ? SY[i * m + i]! : 0);
        B[i * m + j] = sy;
        C[i * m + j] = theta * ss;
      }
    }
    return this.#factor.factor(size);
  }

  #moveInside(
    x: Float64Array,
    gradient: Float64Array,
    lower: Float64Array,
    upper: Float64Array,
    cauchy: CauchyPoint,
    count: number,
  ): void {
    const free = this.#free;
    const step = this.#r;
    const projected = this.#projected;
    projected.set(cauchy.x);
    let meetsBound = false;
    for (let a = 0; a < count; a++) {
      const i = free[a]!;
      const moved = Math.min(Math.max(cauchy.x[i]! + step[a]!, lower[i]!), upper[i]!);
      if (moved === lower[i] || moved === upper[i]) meetsBound = true;
      projected[i] = moved;
    }
    let descent = 0;
    if (meetsBound) for (let i = 0; i < x.length; i++) descent += (projected[i]! - x[i]!) * gradient[i]!;
    if (descent <= 0) {
      cauchy.x.set(projected);
      return;
    }
    let share = 1;
    let blocking = -1;
    for (let a = 0; a < count; a++) {
      const i = free[a]!;
      const room = (step[a]! < 0 ? lower[i]! : upper[i]!) - cauchy.x[i]!;
      const fit = step[a] === 0 ? 1 : Math.max(room / step[a]!, 0);
      if (fit < share) {
        share = fit;
        blocking = a;
      }
    }
    for (let a = 0; a < count; a++) {
      const i = free[a]!;
      const bound = step[a]! < 0 ? lower[i]! : upper[i]!;
      cauchy.x[i] = a === blocking ? bound : cauchy.x[i]! + share * step[a]!;
    }
  }
}
