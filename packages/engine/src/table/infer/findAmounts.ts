import type { ColumnFacts } from './columnFacts.ts';
import { type Composition, findCompositions, type PartCandidate } from './findCompositions.ts';
import type { SpecialColumn } from './specialColumns.ts';

/** Simple units of things that are weighed or measured in. */
const weighed: ReadonlySet<string> = new Set(['mass', 'volume', 'substance', 'share']);

/** Which columns say how much of something was weighed in, and which of them make up a whole. */
export interface Amounts {
  /** One per column. */
  readonly isAmount: readonly boolean[];
  readonly compositions: readonly Composition[];
}

/**
 * Finds amounts: parts of compositions, columns in units of amounts, ingredients by name, several chemical elements. A constant
 * part of a composition stays out of the models, but it is an amount.
 *
 * @param special Columns that are no plain input or result; null for the others.
 */
export function findAmounts(
  all: readonly ColumnFacts[],
  special: readonly (SpecialColumn | null)[],
): Amounts {
  const compositions = findCompositions(all.map((facts, i) => partCandidate(facts, special[i]!)));
  const parts = new Set(compositions.flatMap(({ members }) => members));
  const elements = all.filter((facts) => facts.isElement && isPlainAmount(facts)).length;
  const isAmount = all.map((facts, i) => {
    if (parts.has(i)) return true;
    if (facts.values === null || (special[i] !== null && special[i]!.warning.code !== 'constant'))
      return false;
    if (!isPlainAmount(facts)) return false;
    // One element may be a variable's letter; several are an analysis.
    if (facts.isElement && elements >= 3) return true;
    const { unit, meaning } = facts;
    if (meaning === 'property' || meaning === 'perhapsProperty') return false;
    if (unit?.kind === 'amount') {
      if (unit.dimension !== null && weighed.has(unit.dimension)) return true;
      return meaning !== 'setting' && meaning !== 'perhapsSetting';
    }
    const isIngredient = meaning === 'ingredient' || (facts.hasFormula && meaning !== 'setting');
    if (unit === null || unit.dimension === 'percent' || unit.dimension === 'concentration')
      return isIngredient;
    return false;
  });
  fillAmounts(all, special, isAmount);
  return { isAmount, compositions };
}

/**
 * What stands between amounts, or before them, in their unit and without a meaning of its own is an amount too: recipes are
 * full of trade names. Columns behind the amounts are left alone, because results begin there.
 */
function fillAmounts(
  all: readonly ColumnFacts[],
  special: readonly (SpecialColumn | null)[],
  isAmount: boolean[],
): void {
  for (let i = all.length - 2; i >= 0; i--) {
    const { meaning, unit } = all[i]!;
    if (isAmount[i] || !isAmount[i + 1] || special[i] !== null || !isPlainAmount(all[i]!)) continue;
    if (meaning !== null && meaning !== 'perhapsIngredient' && meaning !== 'quantity') continue;
    if (unit?.symbol !== all[i + 1]!.unit?.symbol) continue;
    // Without a unit only an amount on the other side tells.
    if (unit !== null || isAmount[i - 1] === true) isAmount[i] = true;
  }
}

function isPlainAmount(facts: ColumnFacts): boolean {
  return facts.values !== null && facts.range !== null && facts.range.min >= 0;
}

function partCandidate(facts: ColumnFacts, special: SpecialColumn | null): PartCandidate | null {
  const { values, range, unit, meaning } = facts;
  if (values === null || range === null || range.min < 0) return null;
  if (special !== null && special.warning.code !== 'constant') return null;
  if (meaning === 'property' && !facts.isElement) return null;
  if (unit !== null && unit.kind !== 'amount' && unit.dimension !== 'percent' && unit.dimension !== 'one')
    return null;
  return { values, unit: unit?.symbol ?? '', kind: facts.isElement ? 'element' : (unit?.kind ?? '') };
}
