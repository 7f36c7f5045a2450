/** Share of the errors that are ordinary, whatever the others are. */
const ordinaryShare = 0.9;
/** Of errors of the usual shape one in four thousand is larger than so many times what nine tenths of them stay below. */
const reach = 3;

/**
 * Size of an error beyond which its row is wild: a slip, or a region of its own. How far beyond says nothing of all other
 * rows, but in a sum of squares it would drown them (winsorising; J. W. Tukey, Annals of Mathematical Statistics 33, 1962, 1).
 *
 * @param sizes absolute errors [n], at least one
 * @returns infinite where ordinary errors are zero
 */
export function tailLimit(sizes: Float64Array): number {
  const sorted = sizes.slice().sort();
  const limit = reach * sorted[Math.ceil(ordinaryShare * sorted.length) - 1]!;
  return limit > 0 ? limit : Infinity;
}
