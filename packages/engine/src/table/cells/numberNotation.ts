import { numberForm, readNumberForm } from './numberForm.ts';

/** How a column writes numbers. */
export interface NumberNotation {
  readonly decimalMark: '.' | ',';
  /** Character between groups of three digits; null when there is none. */
  readonly thousandsMark: string | null;
}

export const plainNotation: NumberNotation = { decimalMark: '.', thousandsMark: null };

/** What the cells of one column show of its notation. */
export interface NotationEvidence {
  /** Cells that are numbers in some notation. */
  readonly numberCount: number;
  /** All bits that were seen. */
  readonly bits: number;
  /** First cell that showed each bit, by the bit. */
  readonly firstCell: ReadonlyMap<number, number>;
}

/** The outcome for one column: a notation, or why there is none. */
export type NotationDecision =
  | { readonly kind: 'decided'; readonly notation: NumberNotation }
  /** `1,234` could be either, and nothing tells. */
  | { readonly kind: 'ambiguous'; readonly cell: number }
  /** Two cells that no one notation can write. */
  | { readonly kind: 'contradictory'; readonly cells: readonly [number, number] };

const marks: readonly [bit: number, mark: string][] = [
  [numberForm.groupPoint, '.'],
  [numberForm.groupComma, ','],
  [numberForm.groupSpace, ' '],
  [numberForm.groupApostrophe, "'"],
  [numberForm.groupUnderscore, '_'],
];

/** What is known of a column's decimal mark beyond its own cells. */
export interface DecimalHint {
  readonly mark: '.' | ',';
  /** True when the user named it; false when it is what the other columns of the table use. */
  readonly isNamed: boolean;
}

/**
 * Decides for the whole column. Its own cells come first: `1,5` proves the comma, `1.234,5` the comma and the
 * point between thousands, `1,234,567` the comma between thousands. Where they leave it open, the hint decides.
 * Without one, `1.234` is a decimal, as everywhere in computing, but `1,234` is not guessed. Neither is `1.234` in a
 * table of decimal commas, where it may be a thousand or come from a program that knows no comma.
 */
export function decideNotation(evidence: NotationEvidence, hint: DecimalHint | null): NotationDecision {
  const { bits, firstCell } = evidence;
  const has = (bit: number) => (bits & bit) !== 0;
  const cellOf = (bit: number) => firstCell.get(bit)!;
  const contradiction = (a: number, b: number): NotationDecision => ({
    kind: 'contradictory',
    cells: [Math.min(cellOf(a), cellOf(b)), Math.max(cellOf(a), cellOf(b))],
  });

  const groups = marks.filter(([bit]) => has(bit));
  if (groups.length > 1) return contradiction(groups[0]![0], groups[1]![0]);
  const group = groups[0]?.[0] ?? 0;
  // A thousands mark proves what the other mark is.
  const pointProofs = [numberForm.decimalPoint, numberForm.groupComma].filter(has);
  const commaProofs = [numberForm.decimalComma, numberForm.groupPoint].filter(has);
  if (pointProofs.length > 0 && commaProofs.length > 0)
    return contradiction(pointProofs[0]!, commaProofs[0]!);

  const isCommaOpen = has(numberForm.openComma);
  const isPointOpen = has(numberForm.openPoint);
  let decimalMark: '.' | ',' = '.';
  if (pointProofs.length === 0) {
    if (commaProofs.length > 0) decimalMark = ',';
    else if (isCommaOpen && (hint === null || (isPointOpen && !hint.isNamed)))
      return { kind: 'ambiguous', cell: cellOf(numberForm.openComma) };
    else if (isPointOpen && hint?.mark === ',' && !hint.isNamed)
      return { kind: 'ambiguous', cell: cellOf(numberForm.openPoint) };
    else decimalMark = hint?.mark ?? '.';
  }
  // `1.234` beside a decimal comma, or `1,234` beside a decimal point, is a thousand.
  const open = decimalMark === '.' ? numberForm.openComma : numberForm.openPoint;
  const openGroup = decimalMark === '.' ? numberForm.groupComma : numberForm.groupPoint;
  if (has(open) && group !== 0 && group !== openGroup) return contradiction(open, group);
  const thousandsBit = has(open) ? openGroup : group;
  return {
    kind: 'decided',
    notation: { decimalMark, thousandsMark: marks.find(([bit]) => bit === thousandsBit)?.[1] ?? null },
  };
}

/**
 * The number that `text` writes in `notation`; undefined when it is none. Never looks at only the beginning of
 * a text, as parseFloat does. `text` must have gone through `plainCharacters`.
 */
export function parseNumber(text: string, notation: NumberNotation): number | undefined {
  const form = readNumberForm(text);
  if (form === 0) return undefined;
  let plain = text;
  if (form !== numberForm.number) {
    const { decimalMark, thousandsMark } = notation;
    if (
      thousandsMark !== null &&
      (form & ~(numberForm.number | numberForm.decimalPoint | numberForm.decimalComma)) !== 0
    )
      plain = thousandsMark === "'" ? plain.replace(/['’]/g, '') : plain.replaceAll(thousandsMark, '');
    if (decimalMark === ',') plain = plain.replace(',', '.');
  }
  const value = Number(plain);
  return Number.isNaN(value) ? undefined : value;
}
