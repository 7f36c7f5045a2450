import type { InputRow, SearchSpace } from '@athanor/schema';

/** Cost of a row by the first budget of a space; null without one. */
export function priceOf({ constraints }: SearchSpace, row: InputRow): number | null {
  const budget = constraints.find((constraint) => constraint.kind === 'budget');
  if (budget === undefined) return null;
  const { prices, levelPrices = {}, per = 100 } = budget;
  let cost = 0;
  for (const [key, price] of Object.entries(prices)) cost += (price * Number(row[key] ?? 0)) / per;
  for (const [key, list] of Object.entries(levelPrices)) cost += list[String(row[key])] ?? 0;
  return cost;
}
