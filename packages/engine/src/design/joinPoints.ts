/** Points [d] one after the other [count, d]. */
export function joinPoints(points: readonly Int32Array[], d: number): Int32Array {
  const all = new Int32Array(points.length * d);
  points.forEach((point, i) => all.set(point, i * d));
  return all;
}
