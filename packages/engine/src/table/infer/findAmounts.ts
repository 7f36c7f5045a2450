import type { ColumnFacts } from './columnFacts.ts';
import { type Composition, findCompositions, type PartCandidate } from './findCompositions.ts';
import type { Unit } from './parseUnit.ts';
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
    // Traces of a material are found, not added.
    if (facts.hasBounds) return false;
    if (meaning === 'property' || meaning === 'perhapsProperty') return false;
    if (unit?.kind === 'amount') {
      if (unit.dimension !== null && weighed.has(unit.dimension)) return true;
      return meaning !== 'setting' && meaning !== 'perhapsSetting';
    }
    if (unit === null || unit.dimension === 'percent' || isConcentration(unit)) return isIngredient(facts);
    return false;
  });
  fillAmounts(all, special, isAmount);
  return { isAmount, compositions };
}

const concentrationWords = new Set(['conc', 'concentration', 'konzentration', 'molarity']);
/** Words beside them that name no material. */
const wholeWords = new Set([
  ...concentrationWords,
  'total',
  'initial',
  'final',
  'overall',
  'solution',
  'bulk',
  'feed',
  'gesamt',
  'of',
  'the',
]);

/** Whether the name is that of a material, or of the quantity of one. */
function isIngredient({ meaning, namesIngredient, hasFormula, words, unit }: ColumnFacts): boolean {
  if (meaning === 'ingredient') return true;
  if (meaning === 'quantity' && namesIngredient) return true;
  // The concentration of something is an amount of it; a concentration alone is a setting.
  if (concentrationWords.has(words.at(-1) ?? '') && words.some((word) => !wholeWords.has(word))) return true;
  if (hasFormula && meaning !== 'setting') return true;
  // So many per cent of a content, so many millimoles of something without another meaning.
  return (
    unit !== null &&
    (unit.dimension === 'percent' ? meaning === 'quantity' : isConcentration(unit) && meaning === null)
  );
}

function isConcentration(unit: Unit): boolean {
  return unit.dimension === 'concentration' || /^[nµm]?mol\/(?:m?L|dm3)$/.test(unit.symbol);
}

/**
 * What stands between amounts, before them, or behind them and before a setting, in their unit and without a meaning of its
 * own is an amount too: recipes are full of trade names. Columns behind the last amount are left alone otherwise, because
 * results may begin there.
 */
function fillAmounts(
  all: readonly ColumnFacts[],
  special: readonly (SpecialColumn | null)[],
  isAmount: boolean[],
): void {
  const lastSetting = all.findLastIndex(({ meaning }) => meaning === 'setting');
  const isOpen = (i: number, neighbour: number): boolean => {
    const { meaning, unit, hasBounds } = all[i]!;
    if (isAmount[i] || hasBounds || special[i] !== null || !isPlainAmount(all[i]!)) return false;
    if (meaning !== null && meaning !== 'perhapsIngredient' && meaning !== 'quantity') return false;
    return unit?.symbol === all[neighbour]!.unit?.symbol;
  };
  for (let i = all.length - 2; i >= 0; i--) {
    // Without a unit only an amount on the other side tells.
    if (isAmount[i + 1] && isOpen(i, i + 1) && (all[i]!.unit !== null || isAmount[i - 1] === true))
      isAmount[i] = true;
  }
  for (let i = 1; i < lastSetting; i++)
    if (isAmount[i - 1] && all[i]!.unit !== null && isOpen(i, i - 1)) isAmount[i] = true;
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
