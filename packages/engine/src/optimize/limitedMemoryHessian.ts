import { QuasiDefiniteFactor } from './quasiDefiniteFactor.ts';

/**
 * The limited-memory BFGS matrix in compact form, B = theta I - W M W', with W = [Y, theta S] [d, 2k] and
 * M^-1 = [-D, L'; L, theta S'S] (Byrd, Nocedal & Schnabel 1994, eq. 3.5). S holds the last k steps, Y the changes of
 * the gradient along them, D and L are the diagonal and the strict lower triangle of S'Y.
 */
export class LimitedMemoryHessian {
  readonly dimension: number;
  readonly memory: number;
  /** Steps and gradient changes, oldest first; the first `size` entries are in use, each [d]. */
  readonly S: Float64Array[];
  readonly Y: Float64Array[];
  /** S'Y and S'S, row-major with leading dimension `memory`. */
  readonly SY: Float64Array;
  readonly SS: Float64Array;
  theta = 1;
  size = 0;
  readonly #middle: QuasiDefiniteFactor;

  constructor(dimension: number, memory: number) {
    this.dimension = dimension;
    this.memory = memory;
    this.S = Array.from({ length: memory }, () => new Float64Array(dimension));
    this.Y = Array.from({ length: memory }, () => new Float64Array(dimension));
    this.SY = new Float64Array(memory * memory);
    this.SS = new Float64Array(memory * memory);
    this.#middle = new QuasiDefiniteFactor(memory);
  }

  /** Forgets all curvature: B = I. */
  reset(): void {
    this.theta = 1;
    this.size = 0;
  }

  /** Takes in a step s and gradient change y with s'y > 0; forgets everything when B would not stay definite. */
  update(s: Float64Array, y: Float64Array): void {
    const { memory: m, S, Y, SY, SS } = this;
    if (this.size === m) {
      S.push(S.shift()!);
      Y.push(Y.shift()!);
      for (let i = 1; i < m; i++) {
        for (let j = 1; j < m; j++) {
          SY[(i - 1) * m + j - 1] = SY[i * m + j]!;
          SS[(i - 1) * m + j - 1] = SS[i * m + j]!;
        }
      }
    } else {
      this.size++;
    }
    const last = this.size - 1;
    S[last]!.set(s);
    Y[last]!.set(y);
    for (let i = 0; i <= last; i++) {
      SY[last * m + i] = dot(s, Y[i]!);
      SY[i * m + last] = dot(S[i]!, y);
      SS[last * m + i] = SS[i * m + last] = dot(S[i]!, s);
    }
    this.theta = dot(y, y) / SY[last * m + last]!;

    const { A, B, C } = this.#middle;
    for (let i = 0; i <= last; i++) {
      for (let j = 0; j <= last; j++) {
        A[i * m + j] = i === j ? SY[i * m + i]! : 0;
        B[i * m + j] = i > j ? SY[i * m + j]! : 0;
        C[i * m + j] = this.theta * SS[i * m + j]!;
      }
    }
    if (!(this.theta < Infinity) || !this.#middle.factor(this.size)) this.reset();
  }

  /** Overwrites v [2k] by M v. */
  multiplyMiddle(v: Float64Array): void {
    this.#middle.solve(v);
  }

  /** Writes row i of W into `row` [2k]. */
  readRow(i: number, row: Float64Array): void {
    const { size, S, Y, theta } = this;
    for (let j = 0; j < size; j++) {
      row[j] = Y[j]![i]!;
      row[size + j] = theta * S[j]![i]!;
    }
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
