/** Pairs of words for yes and no; single letters count only when both of a pair are there. */
const pairs: readonly (readonly [yes: string, no: string])[] = [
  ['true', 'false'],
  ['yes', 'no'],
  ['ja', 'nein'],
  ['wahr', 'falsch'],
  ['on', 'off'],
  ['ein', 'aus'],
  ['oui', 'non'],
  ['si', 'no'],
  ['y', 'n'],
  ['j', 'n'],
  ['t', 'f'],
];

/**
 * What each distinct text of a column means as a truth value, or null when the column is not one. Digits 1 and 0 take part only
 * beside words, so a column of nothing but 0 and 1 stays numeric.
 */
export function readBooleans(levels: readonly string[]): Map<string, boolean> | null {
  if (levels.length === 0 || levels.length > 12) return null;
  const words = levels.map((level) => level.toLowerCase());
  const mapping = new Map<string, boolean>();
  let hasWord = false;
  for (const [i, word] of words.entries()) {
    let value: boolean | undefined;
    if (word === '1' || word === '0') value = word === '1';
    else {
      for (const [yes, no] of pairs) {
        const isLetter = yes.length === 1;
        if (isLetter && !(words.includes(yes) && words.includes(no))) continue;
        // `si` and `ein` are words of other meanings too, and need their counterpart.
        if ((yes === 'si' || yes === 'ein') && !(words.includes(yes) && words.includes(no))) continue;
        if (word === yes) value = true;
        else if (word === no) value = false;
      }
      if (value !== undefined) hasWord = true;
    }
    if (value === undefined) return null;
    mapping.set(levels[i]!, value);
  }
  return hasWord ? mapping : null;
}
