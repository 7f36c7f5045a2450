/**
 * The smallest power of two above every |value|, and 1 when all are zero: dividing by it is exact and leaves numbers
 * in (-1, 1), whose squares neither overflow nor vanish together. NaN cells are passed over.
 */
export function powerOfTwoAbove(values: Iterable<number>): number {
  let largest = 0;
  for (const value of values) if (Math.abs(value) > largest) largest = Math.abs(value);
  if (largest === 0) return 1;
  let exponent = Math.floor(Math.log2(largest)) + 1;
  // log2 rounds: correct the last step, and stay within what a double can hold.
  if (exponent > -1074 && 2 ** (exponent - 1) > largest) exponent--;
  if (2 ** exponent <= largest) exponent++;
  return 2 ** Math.min(1023, Math.max(-1074, exponent));
}
