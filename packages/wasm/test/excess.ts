/** A difference in units of its tolerance; 0 for no difference, not-a-number for one that is not a number. */
export function excess(difference: number, tolerance: number): number {
  return difference === 0 ? 0 : Math.abs(difference) / tolerance;
}
