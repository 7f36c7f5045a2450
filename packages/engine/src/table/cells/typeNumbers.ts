import type { Warning } from '@athanor/schema';
import type { RawColumn } from '../rawTable.ts';
import { cellError, missingWarning, type CellContext, type TypedCells } from './cellContext.ts';
import { isExcelDamage } from './isExcelDamage.ts';
import { isMissingWord } from './missingWords.ts';
import { plainCharacters } from './numberForm.ts';
import { decideNotation, parseNumber, plainNotation, type NumberNotation } from './numberNotation.ts';
import { readQuantity } from './quantity.ts';
import type { CellSurvey } from './surveyCells.ts';

/** Cells that were read in a special way: how many, and the first five as 1-based data rows. */
class Tally {
  count = 0;
  readonly rows: number[] = [];

  add(index: number): void {
    this.count++;
    if (this.rows.length < 5) this.rows.push(index + 1);
  }
}

type Special =
  | 'normalised'
  | 'censored'
  | 'approximate'
  | 'uncertain'
  | 'withUnit'
  | 'excelDate'
  | 'imprecise'
  | 'textNumber'
  | 'dropped';

/** What each special way of reading is called and says; `%` stands for the column. */
const notes: Readonly<Record<Special, readonly [code: string, message: string]>> = {
  normalised: [
    'number_normalised',
    'numbers of % use unusual signs (such as −, ×10^, full-width digits, no-break spaces) and were read as plain numbers',
  ],
  censored: [
    'censored_values',
    'cells of % give only a bound (such as <0.1) and are taken as missing; a model cannot learn from them',
  ],
  approximate: [
    'approximate_values',
    'numbers of % are marked as approximate (such as ~5) and used as they stand',
  ],
  uncertain: [
    'uncertainty_ignored',
    'numbers of % carry their own uncertainty (such as 1.2±0.3); only the number is used',
  ],
  withUnit: ['unit_in_cells', 'cells of % repeat the unit; it belongs into the header'],
  excelDate: [
    'excel_damage',
    'cells of % were turned into dates by a spreadsheet; what they were cannot be told, so they are missing',
  ],
  imprecise: [
    'precision_loss',
    'integers of % are too long to be kept exactly and are rounded; identifiers should be text',
  ],
  textNumber: ['numbers_as_text', 'numbers of % are stored as text in the file and were read as numbers'],
  dropped: ['text_dropped', 'cells of % are no numbers and are taken as missing, as its data type says'],
};

/**
 * Reads a column of numbers. Cells that are words become missing with a warning if the user said that the column is numeric;
 * otherwise the caller has made sure that there are none.
 *
 * @throws EngineError CELL_INVALID for infinite numbers and for units that differ within the column.
 */
export function typeNumbers(raw: RawColumn, survey: CellSurvey, context: CellContext): TypedCells {
  const { cells, header } = raw;
  const notation = findNotation(survey, context);
  const values = new Float64Array(cells.length).fill(NaN);
  const tallies = new Map<Special, Tally>();
  const tally = (special: Special, index: number): void => {
    const one = tallies.get(special) ?? new Tally();
    tallies.set(special, one);
    one.add(index);
  };
  const units = new UnitCheck(context.headerUnit);

  for (let index = 0; index < cells.length; index++) {
    const cell = cells[index]!;
    if (cell === null) continue;
    let value: number | undefined;
    if (typeof cell === 'number') {
      value = cell;
      if (Number.isNaN(cell)) continue;
    } else if (typeof cell === 'boolean') {
      tally('dropped', index);
      continue;
    } else {
      value = parseNumber(cell, notation);
      if (value === undefined) {
        const text = plainCharacters(cell);
        if (text === '') continue;
        value = parseNumber(text, notation);
        if (value === undefined) {
          if (isMissingWord(text, true)) continue;
          value = readSpecial(text, index);
          if (value === undefined) continue;
        } else {
          if (text !== trimAscii(cell)) tally('normalised', index);
          if (context.isTyped) tally('textNumber', index);
        }
      } else {
        if (context.isTyped) tally('textNumber', index);
        if (cell.length > 15 && !Number.isSafeInteger(value) && /^[+-]?\d+$/.test(cell))
          tally('imprecise', index);
      }
    }
    if (!Number.isFinite(value)) {
      throw cellError(
        raw,
        index,
        context,
        'is not a finite number',
        'Leave the cell empty, or write a number.',
      );
    }
    // A negative zero is a zero.
    values[index] = value + 0;
  }

  function readSpecial(text: string, index: number): number | undefined {
    const quantity = readQuantity(text);
    if (quantity === null || quantity.kind === 'infinite') {
      if (quantity?.kind === 'infinite' && context.dataType === null) return Infinity;
      tally(isExcelDamage(text, context) ? 'excelDate' : 'dropped', index);
      return undefined;
    }
    if (quantity.kind === 'censored') {
      tally('censored', index);
      return undefined;
    }
    if (quantity.kind === 'withUnit') {
      const conflict = units.add(quantity.unit, index);
      if (conflict !== null) {
        throw cellError(
          raw,
          index,
          context,
          conflict,
          'Write the unit into the header, and only numbers in that unit into the cells.',
        );
      }
      tally('withUnit', index);
    } else {
      tally(quantity.kind === 'number' ? 'normalised' : quantity.kind, index);
    }
    return parseNumber(quantity.number, notation);
  }

  const bare = survey.typedNumberCount + survey.textNumberCount;
  const bareConflict = units.conflictWithBareNumbers(bare);
  if (bareConflict !== null) {
    throw cellError(
      raw,
      bareConflict.index,
      context,
      bareConflict.what,
      'Write the unit into the header, and only numbers into the cells.',
    );
  }
  const warnings: Warning[] = [];
  for (const [special, { count, rows }] of tallies) {
    const [code, message] = notes[special];
    warnings.push({
      code,
      message: `${count} ${message.replace('%', () => `"${header}"`)}.`,
      column: header,
      rows,
      count,
    });
  }
  if (notation.thousandsMark !== null) {
    warnings.push({
      code: 'thousands_marks',
      message: `"${header}" writes ${JSON.stringify(notation.thousandsMark)} between thousands and ${JSON.stringify(notation.decimalMark)} as decimal mark.`,
      column: header,
    });
  }
  if (survey.zeroLedCount > 0) {
    warnings.push({
      code: 'excel_damage',
      message: `${survey.zeroLedCount} numbers of "${header}" begin with a zero; if they are codes, a spreadsheet may have cut the zeros of the others.`,
      column: header,
      count: survey.zeroLedCount,
    });
  }
  warnings.push(...missingWarning(header, survey.missingWords));
  return {
    column: { kind: 'numeric', key: header, values },
    dataType: 'numeric',
    isDate: false,
    unit: context.headerUnit === null ? units.unit : null,
    warnings,
  };
}

function findNotation(survey: CellSurvey, context: CellContext): NumberNotation {
  const hint = context.decimalMark === null ? null : { mark: context.decimalMark, isNamed: true };
  const decision = decideNotation(survey.evidence, hint);
  // Columns of numbers were checked when the table was read; this one is numeric only because the user says so.
  return decision.kind === 'decided'
    ? decision.notation
    : { ...plainNotation, decimalMark: context.decimalMark ?? '.' };
}

/** Without ordinary blanks at its ends; a no-break space is something to tell about. */
function trimAscii(text: string): string {
  return text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
}

/** Watches that units in cells agree with each other and with the header. */
class UnitCheck {
  readonly #headerUnit: string | null;
  #first = -1;
  unit: string | null = null;

  constructor(headerUnit: string | null) {
    this.#headerUnit = headerUnit;
  }

  /** What is wrong with this unit; null when nothing is. */
  add(unit: string, index: number): string | null {
    // Per cent of the header may say of what: `5 %` under `wt%`.
    const isPercent = unit === '%' && this.#headerUnit?.endsWith('%') === true;
    if (this.#headerUnit !== null && unit !== this.#headerUnit && !isPercent)
      return `is in ${unit}, while the header says ${this.#headerUnit}`;
    if (this.unit !== null && this.unit !== unit)
      return `is in ${unit}, while other cells are in ${this.unit}`;
    if (this.unit === null) {
      this.unit = unit;
      this.#first = index;
    }
    return null;
  }

  /** Some cells with a unit and some without leave open what the bare numbers are in, unless the header says so. */
  conflictWithBareNumbers(bareCount: number): { index: number; what: string } | null {
    if (this.unit === null || bareCount === 0 || this.#headerUnit !== null) return null;
    return { index: this.#first, what: `has a unit, while ${bareCount} other cells of the column have none` };
  }
}
