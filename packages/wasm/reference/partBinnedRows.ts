/**
 * Twin of `partBinnedRows`: rows that go left first, without changing the order on either side.
 *
 * @param binOf bin of each row in the input that is split
 * @returns how many go left
 */
export function partBinnedRows(
  binOf: (row: number) => number,
  bin: number,
  missingBin: number,
  missingLeft: boolean,
  rows: Int32Array,
): number {
  const goesLeft = (row: number): boolean => (binOf(row) === missingBin ? missingLeft : binOf(row) <= bin);
  const left = rows.filter(goesLeft);
  rows.set([...left, ...rows.filter((row) => !goesLeft(row))]);
  return left.length;
}
