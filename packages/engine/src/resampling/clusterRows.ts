import type { Matrix } from '../linalg/matrix.ts';
import type { Generator } from '../random/generator.ts';

/** Starts, of which the tightest clustering is kept. */
const starts = 10;
const maxIterations = 100;

/**
 * k-means of the rows of X [n, d]: cluster of each row, 0 .. k'-1 [n], every cluster with at least one row; k' < k
 * where fewer than k rows differ. Lloyd's algorithm from the seeding of D. Arthur and S. Vassilvitskii (k-means++,
 * SODA 2007); clusters are numbered by their first row.
 */
export function clusterRows(X: Matrix, k: number, generator: Generator): Int32Array {
  let best = new Int32Array(X.rowCount);
  let bestCost = Infinity;
  for (let start = 0; start < starts; start++) {
    const { clusters, cost } = runOnce(X, k, generator.split(`start ${start}`));
    // Equal clusterings reached from other starts differ by rounding only: the first is kept.
    if (cost < bestCost * (1 - 1e-9)) {
      best = clusters;
      bestCost = cost;
    }
  }
  const names = new Map<number, number>();
  return best.map((cluster) => {
    if (!names.has(cluster)) names.set(cluster, names.size);
    return names.get(cluster)!;
  });
}

function runOnce(
  X: Matrix,
  k: number,
  generator: Generator,
): { clusters: Int32Array<ArrayBuffer>; cost: number } {
  const n = X.rowCount;
  const centers: Float64Array[] = [rowOf(X, generator.integer(n))];
  const nearest = new Float64Array(n).fill(Infinity);
  while (centers.length < k) {
    let total = 0;
    for (let i = 0; i < n; i++) {
      nearest[i] = Math.min(nearest[i]!, squaredDistance(X, i, centers.at(-1)!));
      total += nearest[i]!;
    }
    if (total === 0) break;
    // A row is drawn in proportion to its squared distance from the centres so far.
    let left = generator.uniform() * total;
    let chosen = nearest.findLastIndex((square) => square > 0);
    for (let i = 0; i < n; i++) {
      left -= nearest[i]!;
      if (left < 0) {
        chosen = i;
        break;
      }
    }
    centers.push(rowOf(X, chosen));
  }

  const clusters = new Int32Array(n).fill(-1);
  let cost = 0;
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    let changed = false;
    cost = 0;
    for (let i = 0; i < n; i++) {
      let least = Infinity;
      let cluster = 0;
      centers.forEach((center, c) => {
        const square = squaredDistance(X, i, center);
        if (square < least) [least, cluster] = [square, c];
      });
      cost += least;
      if (clusters[i] !== cluster) {
        clusters[i] = cluster;
        changed = true;
      }
    }
    if (!changed) break;
    moveCenters(X, clusters, centers);
  }
  return { clusters, cost };
}

/** Centres become the means of their rows; one without rows stays where it is. */
function moveCenters(X: Matrix, clusters: Int32Array, centers: readonly Float64Array[]): void {
  const counts = new Int32Array(centers.length);
  for (const cluster of clusters) counts[cluster]!++;
  centers.forEach((center, c) => {
    if (counts[c]! > 0) center.fill(0);
  });
  for (let j = 0; j < X.columnCount; j++)
    for (let i = 0; i < X.rowCount; i++)
      centers[clusters[i]!]![j]! += X.values[j * X.stride + i]! / counts[clusters[i]!]!;
}

function rowOf(X: Matrix, i: number): Float64Array {
  return Float64Array.from({ length: X.columnCount }, (_, j) => X.values[j * X.stride + i]!);
}

function squaredDistance(X: Matrix, i: number, center: Float64Array): number {
  let square = 0;
  for (let j = 0; j < X.columnCount; j++) square += (X.values[j * X.stride + i]! - center[j]!) ** 2;
  return square;
}
