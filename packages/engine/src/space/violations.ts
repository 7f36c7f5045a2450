import type { CompiledSpace } from './compiledSpace.ts';
import { isWithin } from './intervals.ts';

/** Sources that a point breaks; none when it is feasible. Bounds are those of the compiled variables. */
export function violations(space: CompiledSpace, point: ArrayLike<number>): Set<number> {
  const broken = new Set<number>();
  space.variables.forEach(({ lower, upper }, j) => {
    if (point[j]! < lower || point[j]! > upper) broken.add(space.sources.length - space.variables.length + j);
  });
  for (const rule of space.sums) {
    const sum = sumAt(rule.terms, point);
    if (sum < rule.lower || sum > rule.upper) broken.add(rule.source);
  }
  for (const { source, variable, value } of space.minimums)
    if (point[variable]! > 0 && point[variable]! < value) broken.add(source);
  for (const { source, variables, min, max } of space.counts) {
    const used = variables.reduce((count, j) => count + (point[j]! > 0 ? 1 : 0), 0);
    if (used < min || used > max) broken.add(source);
  }
  for (const { source, literals } of space.clauses)
    if (!literals.some(({ variable, intervals }) => isWithin(intervals, point[variable]!)))
      broken.add(source);
  for (const { source, cells } of space.excluded)
    if (cells.every(([j, n]) => point[j] === n)) broken.add(source);
  return broken;
}

/** Sum of a rule at a point; exact. */
export function sumAt(terms: CompiledSpace['sums'][number]['terms'], point: ArrayLike<number>): number {
  let sum = 0;
  for (const term of terms)
    sum += 'slope' in term ? term.slope * point[term.variable]! : term.table[point[term.variable]!]!;
  return sum;
}
