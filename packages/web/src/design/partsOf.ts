import type { SearchSpace } from '@athanor/schema';

/** The amounts of a space that add up, and to what; null when nothing does. */
export function partsOf(
  space: SearchSpace,
): { readonly keys: readonly string[]; readonly total: number } | null {
  const total = space.constraints.find((constraint) => constraint.kind === 'total');
  if (total === undefined) return null;
  const amounts = space.variables.filter(({ kind }) => kind === 'amount').map(({ key }) => key);
  return { keys: total.keys ?? amounts, total: total.value };
}
