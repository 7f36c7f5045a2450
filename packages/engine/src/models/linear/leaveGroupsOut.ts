import { solvePositiveDefinite } from '../../linalg/solvePositiveDefinite.ts';
import type { Matrix } from '../../linalg/matrix.ts';

/**
 * Sum of squared leave-group-out errors of a linear smoother, for many smoothers over one basis, without refitting:
 * fitted values H z with H = B diag(shrinkage) B', B [n, k] orthonormal. Holding out the rows I changes their residuals
 * from e_I to (I - H_II)^-1 e_I (the block form of the leave-one-out identity; R. Christensen, Plane Answers to
 * Complex Questions, 4th ed., section 13.5).
 *
 * @returns a function of the shrinkage factors [k], all in (0, 1]; infinite where some row cannot be predicted from
 *   the others.
 */
export function leaveGroupsOut(
  B: Matrix,
  z: Float64Array,
  groups: Int32Array,
): (shrinkage: Float64Array) => number {
  const n = B.rowCount;
  const k = B.columnCount;
  const blocks = [...rowsByGroup(groups).values()].map((rows) => ({
    rows,
    gram: rows.length > k ? gramOf(B, rows) : null,
  }));
  const projections = new Float64Array(k);
  for (let c = 0; c < k; c++)
    for (let i = 0; i < n; i++) projections[c]! += B.values[c * B.stride + i]! * z[i]!;
  const side = Math.min(
    k,
    blocks.reduce((most, { rows }) => Math.max(most, rows.length), 0),
  );
  const scratch = { system: new Float64Array(side * side), solution: new Float64Array(side) };
  const residuals = new Float64Array(n);

  return (shrinkage) => {
    residuals.set(z);
    for (let c = 0; c < k; c++) {
      const weight = shrinkage[c]! * projections[c]!;
      for (let i = 0; i < n; i++) residuals[i] = residuals[i]! - B.values[c * B.stride + i]! * weight;
    }
    let sum = 0;
    for (const { rows, gram } of blocks)
      sum +=
        gram === null
          ? squaresByRows(B, shrinkage, rows, residuals, scratch)
          : squaresByBasis(B, shrinkage, rows, residuals, gram, scratch);
    return sum;
  };
}

function rowsByGroup(groups: Int32Array): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  groups.forEach((group, i) => {
    const known = rows.get(group);
    if (known === undefined) rows.set(group, [i]);
    else known.push(i);
  });
  return rows;
}

/** Lower triangle of B_I'B_I [k * k]. */
function gramOf(B: Matrix, rows: readonly number[]): Float64Array {
  const k = B.columnCount;
  const gram = new Float64Array(k * k);
  for (let a = 0; a < k; a++)
    for (let b = 0; b <= a; b++)
      for (const i of rows) gram[a * k + b]! += B.values[a * B.stride + i]! * B.values[b * B.stride + i]!;
  return gram;
}

interface Scratch {
  readonly system: Float64Array;
  readonly solution: Float64Array;
}

/** |(I - H_II)^-1 e_I|^2 as it stands: for groups smaller than the basis. */
function squaresByRows(
  B: Matrix,
  shrinkage: Float64Array,
  rows: readonly number[],
  residuals: Float64Array,
  { system, solution }: Scratch,
): number {
  const m = rows.length;
  for (let p = 0; p < m; p++) {
    for (let q = 0; q <= p; q++) {
      let leverage = 0;
      for (let c = 0; c < B.columnCount; c++) {
        const column = c * B.stride;
        leverage += B.values[column + rows[p]!]! * B.values[column + rows[q]!]! * shrinkage[c]!;
      }
      system[p * m + q] = (p === q ? 1 : 0) - leverage;
    }
    solution[p] = residuals[rows[p]!]!;
  }
  if (!solvePositiveDefinite(system, solution, m)) return Infinity;
  let sum = 0;
  for (let p = 0; p < m; p++) sum += solution[p]! ** 2;
  return sum;
}

/** The same through a system of the size of the basis: e + B_I (diag(1 / shrinkage) - B_I'B_I)^-1 B_I'e (Woodbury). */
function squaresByBasis(
  B: Matrix,
  shrinkage: Float64Array,
  rows: readonly number[],
  residuals: Float64Array,
  gram: Float64Array,
  { system, solution }: Scratch,
): number {
  const k = B.columnCount;
  for (let a = 0; a < k; a++) {
    for (let b = 0; b <= a; b++) system[a * k + b] = (a === b ? 1 / shrinkage[a]! : 0) - gram[a * k + b]!;
    let projection = 0;
    for (const i of rows) projection += B.values[a * B.stride + i]! * residuals[i]!;
    solution[a] = projection;
  }
  if (!solvePositiveDefinite(system, solution, k)) return Infinity;
  let sum = 0;
  for (const i of rows) {
    let error = residuals[i]!;
    for (let c = 0; c < k; c++) error += B.values[c * B.stride + i]! * solution[c]!;
    sum += error * error;
  }
  return sum;
}
