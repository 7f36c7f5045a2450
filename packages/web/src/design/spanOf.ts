/** Lowest, middle and highest of some numbers; of an even number of them the lower of both in the middle. */
export function spanOf(values: readonly number[]): [number, number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  return [sorted[0]!, sorted[Math.floor((sorted.length - 1) / 2)]!, sorted.at(-1)!];
}
