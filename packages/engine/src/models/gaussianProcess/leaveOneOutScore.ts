import type { Matrix as ArenaMatrix, Pointer, Routines } from '@athanor/wasm';

export interface LeaveOneOutScore {
  /** Negative log density of the rows, each given all others. */
  readonly value: number;
  /** tr(W Ky) of the matrix W left behind. */
  readonly trace: number;
}

/**
 * The score of leaving rows out in place of the likelihood (Rasmussen & Williams 2006, section 5.4.2), with the constant
 * mean estimated anew each time: with Q = Ky^-1 - Ky^-1 1 1'Ky^-1 / 1'Ky^-1 1, a = Q z and q_i = Q_ii,
 *
 *     value = -sum_i (log q_i - a_i^2 / q_i - log 2 pi) / 2,   dvalue/dt = 1/2 tr(W dKy/dt),
 *     W = 2 Q D Q - a u' - u a',   u = Q (a / q),   D_i = (1 + a_i^2 / q_i) / (2 q_i)
 *
 * because dQ = -Q dKy Q. One product of matrices takes the place of one for every hyperparameter.
 *
 * @param inverse Ky^-1, lower triangle [m, m]; becomes W
 * @param solutions a, then Ky^-1 1 where there is a mean [2m]; a becomes 0, so that `covarianceGradient` adds nothing to W
 * @param scratch another [m, m]
 */
export function leaveOneOutScore(
  { arena, blas }: Routines,
  inverse: ArenaMatrix,
  solutions: Pointer,
  scratch: ArenaMatrix,
  m: number,
  hasMean: boolean,
): LeaveOneOutScore {
  const { pointer, ld } = inverse;
  const cells = arena.float64(pointer, ld * m);
  const scaled = arena.float64(scratch.pointer, ld * m);
  const vectors = arena.float64(solutions, 2 * m);
  const a = vectors.slice(0, m);
  if (hasMean) {
    const sums = vectors.subarray(m);
    const total = sums.reduce((sum, value) => sum + value, 0);
    for (let j = 0; j < m; j++)
      for (let i = j; i < m; i++) cells[i + j * ld]! -= (sums[i]! * sums[j]!) / total;
  }
  let value = 0.5 * m * Math.log(2 * Math.PI);
  let trace = m;
  const ratio = new Float64Array(m);
  const root = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    const q = cells[i + i * ld]!;
    const surprise = a[i]! ** 2 / q;
    value -= 0.5 * (Math.log(q) - surprise);
    trace -= surprise;
    ratio[i] = a[i]! / q;
    root[i] = Math.sqrt((1 + surprise) / q);
  }
  const u = new Float64Array(m);
  for (let j = 0; j < m; j++) {
    for (let i = 0; i < m; i++) {
      const q = i >= j ? cells[i + j * ld]! : cells[j + i * ld]!;
      scaled[i + j * ld] = q * root[j]!;
      u[i]! += q * ratio[j]!;
    }
  }
  blas.syrk('N', m, m, 1, scratch.pointer, ld, 0, pointer, ld);
  for (let j = 0; j < m; j++) for (let i = j; i < m; i++) cells[i + j * ld]! -= a[i]! * u[j]! + u[i]! * a[j]!;
  vectors.fill(0, 0, m);
  return { value, trace };
}
