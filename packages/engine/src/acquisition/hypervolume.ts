/**
 * Volume that points dominate above a reference, all objectives maximised: exact, by exclusive volumes (While,
 * Bradstreet & Barone 2012, WFG). Points not above the reference in every objective count nothing.
 *
 * @param points [n][k]
 * @param reference [k]
 */
export function hypervolume(points: readonly Float64Array[], reference: Float64Array): number {
  const above = points.filter((point) => point.every((value, k) => value > reference[k]!));
  return volume(nondominated(above), reference);
}

/** By how much a point would enlarge the volume of a front. */
export function hypervolumeGain(
  front: readonly Float64Array[],
  point: Float64Array,
  reference: Float64Array,
): number {
  if (point.some((value, k) => value <= reference[k]!)) return 0;
  return exclusive(point, front, reference);
}

/**
 * `hypervolumeGain` for two objectives, without allocating: the point (x, y) against a front without dominated points,
 * sorted by the first objective.
 */
export function areaGain(
  front: readonly Float64Array[],
  x: number,
  y: number,
  reference: Float64Array,
): number {
  let left = reference[0]!;
  const floor = reference[1]!;
  if (x <= left || y <= floor) return 0;
  let gain = 0;
  for (const point of front) {
    const right = Math.min(point[0]!, x);
    if (right > left) {
      gain += (right - left) * Math.max(0, y - Math.max(point[1]!, floor));
      left = right;
    }
    if (point[0]! >= x) return gain;
  }
  return gain + (x - left) * (y - floor);
}

/** The points that no other is at least as good as in everything; of equal points the first. */
export function nondominated(points: readonly Float64Array[]): Float64Array[] {
  const kept: Float64Array[] = [];
  for (const point of points) {
    if (kept.some((other) => dominates(other, point))) continue;
    for (let i = kept.length - 1; i >= 0; i--) if (dominates(point, kept[i]!)) kept.splice(i, 1);
    kept.push(point);
  }
  return kept;
}

/** a is at least as good as b in everything. */
function dominates(a: Float64Array, b: Float64Array): boolean {
  for (let k = 0; k < a.length; k++) if (a[k]! < b[k]!) return false;
  return true;
}

function volume(front: readonly Float64Array[], reference: Float64Array): number {
  if (front.length === 0) return 0;
  if (reference.length === 1)
    return front.reduce((most, point) => Math.max(most, point[0]!), -Infinity) - reference[0]!;
  if (reference.length === 2) return area(front, reference);
  let sum = 0;
  // Worst in the last objective first, which keeps the limited sets small.
  const sorted = [...front].sort((a, b) => a.at(-1)! - b.at(-1)!);
  for (let i = 0; i < sorted.length; i++) sum += exclusive(sorted[i]!, sorted.slice(i + 1), reference);
  return sum;
}

/** Area under a staircase. */
function area(front: readonly Float64Array[], reference: Float64Array): number {
  const sorted = [...front].sort((a, b) => b[0]! - a[0]!);
  let sum = 0;
  let top = reference[1]!;
  for (const point of sorted) {
    if (point[1]! <= top) continue;
    sum += (point[0]! - reference[0]!) * (point[1]! - top);
    top = point[1]!;
  }
  return sum;
}

/** Volume of a point's box that the others leave to it. */
function exclusive(point: Float64Array, others: readonly Float64Array[], reference: Float64Array): number {
  let box = 1;
  for (let k = 0; k < point.length; k++) box *= point[k]! - reference[k]!;
  const limited: Float64Array[] = [];
  for (const other of others) {
    let isInside = true;
    const corner = new Float64Array(point.length);
    for (let k = 0; k < point.length; k++) {
      corner[k] = Math.min(point[k]!, other[k]!);
      if (corner[k]! <= reference[k]!) isInside = false;
    }
    if (isInside) limited.push(corner);
  }
  return box - volume(nondominated(limited), reference);
}
