/** Of this many values one may stand alone; of twice as many two next to each other may. */
const rowsPerStray = 20;

/** Values that stand alone, and what all others lie between. */
export interface StrayValues {
  /** Positions in ascending order of the value. */
  readonly positions: readonly number[];
  readonly low: number;
  readonly high: number;
}

/**
 * The lowest or highest few of y [n] where they lie farther from all others than these do from each other, also in
 * logarithms if all are above zero: a slip of the decimal point or the unit looks like that, and a long tail does not.
 * Null where there are none.
 */
export function findStrayValues(y: Float64Array): StrayValues | null {
  const order = Array.from(y.keys()).sort((a, b) => y[a]! - y[b]!);
  const at = (place: number): number => y[order.at(place)!]!;
  const most = Math.max(1, Math.floor(y.length / rowsPerStray));
  const scales = at(0) > 0 ? [(value: number) => value, Math.log] : [(value: number) => value];
  const isWider = (gap: readonly [number, number], rest: readonly [number, number]): boolean =>
    rest[1] > rest[0] &&
    scales.every((scale) => scale(gap[1]) - scale(gap[0]) > scale(rest[1]) - scale(rest[0]));
  for (let count = 1; count <= most; count++) {
    if (isWider([at(-count - 1), at(-count)], [at(0), at(-count - 1)]))
      return { positions: order.slice(-count), low: at(0), high: at(-count - 1) };
    if (isWider([at(count - 1), at(count)], [at(count), at(-1)]))
      return { positions: order.slice(0, count), low: at(count), high: at(-1) };
  }
  return null;
}
