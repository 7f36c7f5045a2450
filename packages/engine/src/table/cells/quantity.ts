import { parseUnit } from '../infer/parseUnit.ts';
import { readNumberForm } from './numberForm.ts';

/** A cell that is not just a number, but holds one. The texts of numbers are not parsed yet: the column decides how. */
export type Quantity =
  /** `1.2×10^3`: the number, written another way. */
  | { readonly kind: 'number'; readonly number: string }
  /** `<0.1`, `>100`: only a bound is known. */
  | { readonly kind: 'censored'; readonly number: string }
  /** `~5`, `ca. 5` */
  | { readonly kind: 'approximate'; readonly number: string }
  /** `1.2±0.3`, `1.23(4)` */
  | { readonly kind: 'uncertain'; readonly number: string }
  /** `12 mg`, `5 %` */
  | { readonly kind: 'withUnit'; readonly number: string; readonly unit: string }
  /** `inf`, `-∞` */
  | { readonly kind: 'infinite' };

/** No quantity is longer; so no pattern sees more, and each takes constant time. */
const maxLength = 64;

const bound = /^(?:<=|>=|<|>|≤|≥|=<|=>|kleiner|größer|less than|more than) ?(.+)$/i;
const about = /^(?:~|≈|≃|ca\.?|circa|approx\.?|about|etwa|around) ?(.+)$/i;
const plusMinus = /^(.+?) ?(?:±|\+\/-|\+-) ?(.+)$/;
const digitsInBrackets = /^([+-]?\d+[.,]\d+) ?\(\d{1,4}\)$/;
const timesPower = /^([+-]?\d+(?:[.,]\d+)?) ?[x×*·] ?10 ?\^? ?\(?([+-]?\d{1,3})\)?$/i;
const numberAndUnit = /^([+-]?(?:\d[\d.,' ]*|[.,]\d+)(?:[eE][+-]?\d+)?)(.*)$/;
const infinite = /^[+-]?(?:inf|infinity|infinite|∞|unendlich)$/i;
const superscript = /[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]/g;

/** Reads what stands in a cell that is no plain number; null for other text. `text` went through `plainCharacters`. */
export function readQuantity(text: string): Quantity | null {
  if (text.length > maxLength) return null;
  if (infinite.test(text)) return { kind: 'infinite' };
  const power = timesPower.exec(
    text.replace(superscript, (character) => '0123456789-+'['⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺'.indexOf(character)]!),
  );
  if (power !== null) return { kind: 'number', number: `${power[1]!}e${power[2]!}` };
  const bounded = bound.exec(text)?.[1];
  if (bounded !== undefined) return wrap('censored', bounded);
  const rounded = about.exec(text)?.[1];
  if (rounded !== undefined) return wrap('approximate', rounded);
  const spread = plusMinus.exec(text);
  if (spread !== null && readNumberForm(spread[1]!) !== 0)
    return bareNumber(spread[2]!) === null ? null : { kind: 'uncertain', number: spread[1]! };
  const short = digitsInBrackets.exec(text);
  if (short !== null) return { kind: 'uncertain', number: short[1]! };
  const united = numberAndUnit.exec(text);
  if (united === null) return null;
  const number = united[1]!.trim();
  const symbol = united[2]!.trim();
  if (readNumberForm(number) === 0 || symbol === '') return null;
  const unit = parseUnit(symbol);
  // `2A` and `304 L` are codes; one letter is a unit only where nothing else is meant by it.
  if (unit === null || (/^[A-Za-z]$/.test(symbol) && !/^[gKhsJV]$/.test(symbol))) return null;
  return { kind: 'withUnit', number, unit: unit.symbol };
}

function wrap(kind: 'censored' | 'approximate', text: string): Quantity | null {
  const number = bareNumber(text);
  return number === null ? null : { kind, number };
}

/** The number in `0.1` or `0.1 %`; null for other text. */
function bareNumber(text: string): string | null {
  if (readNumberForm(text) !== 0) return text;
  const united = numberAndUnit.exec(text);
  if (united === null) return null;
  const number = united[1]!.trim();
  return readNumberForm(number) !== 0 && parseUnit(united[2]!) !== null ? number : null;
}
