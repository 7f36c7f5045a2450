/**
 * The points that no other beats in both properties, in the order of x.
 *
 * @param points [n] pairs of values
 * @param isMore whether more is better, of x and of y
 * @returns indices into points; of equal points the first
 */
export function paretoFront(
  points: readonly { readonly x: number; readonly y: number }[],
  isMore: readonly [x: boolean, y: boolean],
): number[] {
  const [signX, signY] = [isMore[0] ? 1 : -1, isMore[1] ? 1 : -1];
  const order = points
    .map((_, i) => i)
    .sort((i, j) => signX * (points[j]!.x - points[i]!.x) || signY * (points[j]!.y - points[i]!.y));
  const front: number[] = [];
  let best = -Infinity;
  for (const i of order) {
    const value = signY * points[i]!.y;
    if (value <= best) continue;
    best = value;
    front.push(i);
  }
  return front.sort((i, j) => points[i]!.x - points[j]!.x);
}
