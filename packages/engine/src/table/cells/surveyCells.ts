import type { RawCell } from '../rawTable.ts';
import { isMissingWord } from './missingWords.ts';
import { plainCharacters, readNumberForm, numberForm } from './numberForm.ts';
import type { NotationEvidence } from './numberNotation.ts';
import { readQuantity, type Quantity } from './quantity.ts';

/** A cell that holds something other than a plain number. */
export interface OddCell {
  readonly index: number;
  /** As `plainCharacters` left it. */
  readonly text: string;
  /** The number in it; null for words. */
  readonly quantity: Quantity | null;
}

/** A first look at the cells of one column: how many are what. Nothing is decided yet. */
export interface CellSurvey {
  /** Cells that are numbers in the file already. */
  readonly typedNumberCount: number;
  readonly booleanCount: number;
  /** Texts that are plain numbers. */
  readonly textNumberCount: number;
  readonly evidence: NotationEvidence;
  /** Missing words as they would be in a column of numbers, with their count. */
  readonly missingWords: ReadonlyMap<string, number>;
  /** Present cells that are no plain number; complete only while they may turn out to be a minority. */
  readonly oddCells: readonly OddCell[];
  readonly oddCount: number;
  /** Cells with a value, missing words not counted. */
  readonly presentCount: number;
  /** How many of `oddCells` hold a number. */
  readonly quantityCount: number;
  /** Texts of digits that begin with a zero: `007`. */
  readonly zeroLedCount: number;
  /** All numbers are texts of digits, as many in each. */
  readonly isFixedWidth: boolean;
}

const groupOrMark = Object.values(numberForm).filter((bit) => bit !== numberForm.number);

/** Odd cells beyond this many, when they outnumber the numbers, are words for certain. */
const enoughWords = 50;

/** Looks at every cell once. */
export function surveyCells(cells: readonly RawCell[]): CellSurvey {
  let typedNumberCount = 0;
  let booleanCount = 0;
  let textNumberCount = 0;
  let oddCount = 0;
  let quantityCount = 0;
  let zeroLedCount = 0;
  let width = 0;
  let bits = 0;
  const firstCell = new Map<number, number>();
  const missingWords = new Map<string, number>();
  const oddCells: OddCell[] = [];

  const addForm = (form: number, index: number): void => {
    if ((form & ~bits) === 0) return;
    for (const bit of groupOrMark) if ((form & bit) !== 0 && (bits & bit) === 0) firstCell.set(bit, index);
    bits |= form;
  };

  for (let index = 0; index < cells.length; index++) {
    const cell = cells[index]!;
    if (cell === null) continue;
    if (typeof cell === 'number') {
      if (!Number.isNaN(cell)) typedNumberCount++;
      continue;
    }
    if (typeof cell === 'boolean') {
      booleanCount++;
      continue;
    }
    // Nearly all cells of nearly all tables are plain numbers as they stand.
    let form = readNumberForm(cell);
    let text = cell;
    if (form === 0) {
      text = plainCharacters(cell);
      if (text === '') continue;
      form = readNumberForm(text);
    }
    if (form !== 0) {
      textNumberCount++;
      addForm(form, index);
      const isZeroLed = text.charCodeAt(0) === 48 && text.length > 1 && form === numberForm.number;
      if (isZeroLed && /^\d+$/.test(text)) zeroLedCount++;
      if (width !== text.length || form !== numberForm.number)
        width = width === 0 && form === numberForm.number ? text.length : -1;
      continue;
    }
    if (isMissingWord(text, true)) {
      missingWords.set(text, (missingWords.get(text) ?? 0) + 1);
      continue;
    }
    oddCount++;
    // A column of words needs no closer look at each of them.
    if (
      oddCells.length - quantityCount > enoughWords &&
      oddCells.length > 4 * (typedNumberCount + textNumberCount)
    )
      continue;
    const quantity = readQuantity(text);
    if (quantity !== null) {
      quantityCount++;
      if (quantity.kind !== 'infinite') addForm(readNumberForm(quantity.number), index);
    }
    oddCells.push({ index, text, quantity });
  }
  return {
    typedNumberCount,
    booleanCount,
    textNumberCount,
    evidence: { numberCount: textNumberCount, bits, firstCell },
    missingWords,
    oddCells,
    oddCount,
    presentCount: typedNumberCount + booleanCount + textNumberCount + oddCount,
    quantityCount,
    zeroLedCount,
    isFixedWidth: width > 0 && typedNumberCount === 0 && quantityCount === 0,
  };
}

/** Whether at least half of what the column holds are numbers in some form: then the rest is judged against them. */
export function isMostlyNumeric(survey: CellSurvey): boolean {
  const numbers = survey.typedNumberCount + survey.textNumberCount + survey.quantityCount;
  return survey.presentCount > 0 && 2 * numbers >= survey.presentCount && numbers > 0;
}
