/** What the writing of a number shows, as bits; 0 is not a number. */
export const numberForm = {
  /** It is a number. */
  number: 1,
  /** A point that can only be a decimal mark: `1.5`, `0.125`, `1.2345`. */
  decimalPoint: 2,
  /** A comma that can only be a decimal mark. */
  decimalComma: 4,
  /** `1.234`: one point before exactly three digits. */
  openPoint: 8,
  /** `1,234`: one comma before exactly three digits. */
  openComma: 16,
  /** Points between groups of three digits, more than one or before a decimal comma. */
  groupPoint: 32,
  groupComma: 64,
  groupSpace: 128,
  groupApostrophe: 256,
  groupUnderscore: 512,
} as const;

const zero = 48;
const nine = 57;
const point = 46;
const comma = 44;

/** What a mark between digits is as a thousands mark; undefined for characters that are none. */
function groupBit(code: number): number {
  switch (code) {
    case point:
      return numberForm.groupPoint;
    case comma:
      return numberForm.groupComma;
    case 0x20:
      return numberForm.groupSpace;
    case 0x27:
    case 0x2019:
      return numberForm.groupApostrophe;
    case 0x5f:
      return numberForm.groupUnderscore;
    default:
      return 0;
  }
}

/**
 * Reads the form of a number without deciding what it is worth: optional sign, digits in groups, at most one decimal
 * mark, optional exponent. `text` must have gone through `plainCharacters`. One pass, no backtracking.
 */
export function readNumberForm(text: string): number {
  const { length } = text;
  let at = 0;
  let code = text.charCodeAt(0);
  if (code === 45 || code === 43) code = text.charCodeAt(++at);
  const firstDigit = at;
  let bits = 0;
  /** Digits since the last mark, and before the first one. */
  let run = 0;
  let firstRun = 0;
  let marks = 0;
  let lastMark = 0;
  let groupMark = 0;
  let areGroupsWhole = true;
  for (; at < length; at++) {
    code = text.charCodeAt(at);
    if (code >= zero && code <= nine) {
      run++;
      continue;
    }
    if (groupBit(code) === 0) break;
    // Everything before the last mark must be groups: one to three digits, then three each, all with one mark.
    if (marks === 0) firstRun = run;
    else {
      if (run !== 3) areGroupsWhole = false;
      if (groupMark !== 0 && groupMark !== lastMark) return 0;
      groupMark = lastMark;
    }
    lastMark = code;
    marks++;
    run = 0;
  }
  const digitsEnd = at;
  let hasExponent = false;
  if (at < length) {
    if (code !== 101 && code !== 69) return 0;
    code = text.charCodeAt(++at);
    if (code === 45 || code === 43) code = text.charCodeAt(++at);
    if (at >= length) return 0;
    for (; at < length; at++) {
      code = text.charCodeAt(at);
      if (code < zero || code > nine) return 0;
    }
    hasExponent = true;
  }
  bits = numberForm.number;
  if (marks === 0) return run > 0 ? bits : 0;
  const isDecimalMark = lastMark === point || lastMark === comma;
  if (marks === 1) {
    if (firstRun === 0 && run === 0) return 0;
    if (!isDecimalMark) return run === 3 && firstRun >= 1 && firstRun <= 3 ? bits | groupBit(lastMark) : 0;
    const isOpen =
      run === 3 && firstRun >= 1 && firstRun <= 3 && text.charCodeAt(firstDigit) !== zero && !hasExponent;
    if (lastMark === point) return bits | (isOpen ? numberForm.openPoint : numberForm.decimalPoint);
    return bits | (isOpen ? numberForm.openComma : numberForm.decimalComma);
  }
  if (firstRun < 1 || firstRun > 3 || !areGroupsWhole) return 0;
  if (lastMark === groupMark) {
    return run === 3 && digitsEnd > firstDigit ? bits | groupBit(groupMark) : 0;
  }
  if (!isDecimalMark) return 0;
  return (
    bits | groupBit(groupMark) | (lastMark === point ? numberForm.decimalPoint : numberForm.decimalComma)
  );
}

const spaces = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g;
const minuses = /[\u2212\u2013\u2010\u2011\ufe63\uff0d]/g;
const fullWidth = /[\uff0b-\uff19\uff21-\uff3a\uff41-\uff5a\uff3f]/g;

/**
 * The same text with the signs of one meaning written one way: minus (U+2212 and its kin), full-width digits and
 * letters, no-break and thin spaces; blanks around it removed. ASCII text comes back as it is, only trimmed.
 */
export function plainCharacters(text: string): string {
  let isAscii = true;
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 127) {
      isAscii = false;
      break;
    }
  }
  if (isAscii) return text.trim();
  return text
    .replace(spaces, ' ')
    .replace(minuses, '-')
    .replace(fullWidth, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))
    .trim();
}
