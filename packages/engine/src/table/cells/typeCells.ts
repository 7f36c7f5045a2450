import type { Warning } from '@athanor/schema';
import type { EngineError } from '../../engineError.ts';
import type { RawCell, RawColumn } from '../rawTable.ts';
import { cellError, missingWarning, type CellContext, type TypedCells } from './cellContext.ts';
import { isExcelDamage } from './isExcelDamage.ts';
import { isMostlyNumeric, surveyCells, type CellSurvey } from './surveyCells.ts';
import { typeNumbers } from './typeNumbers.ts';
import { typeWords } from './typeWords.ts';

/**
 * Reads the cells of a column. Numbers stay numbers; words become levels; dates become days since 1970-01-01, which
 * keeps their order and distances for a model; `H:MM:SS` becomes hours. Anything that is dropped or read in a special way is
 * counted in a warning.
 *
 * @throws EngineError CELL_INVALID, DATE_AMBIGUOUS, VARIABLE_CONFLICT with row, column and value.
 */
export function typeCells(raw: RawColumn, context: CellContext): TypedCells {
  const survey = surveyCells(raw.cells);
  if (survey.presentCount === 0) return typeNothing(raw, survey.missingWords, context);
  if (context.dataType === 'numeric') {
    if (survey.typedNumberCount + survey.textNumberCount + survey.quantityCount > 0)
      return typeNumbers(raw, survey, context);
    return typeWords(raw, context);
  }
  // 0012 and 0340 are names, whose zeros count; numbers of one length without a leading zero are numbers.
  const areCodes = survey.zeroLedCount > 0 && survey.isFixedWidth;
  if (context.dataType === null && isMostlyNumeric(survey) && !areCodes) {
    const refusal = judgeMixture(raw, survey.oddCells, survey, context);
    if (refusal === null) return typeNumbers(raw, survey, context);
    if (refusal === 'category') {
      const words = typeWords(raw, context);
      return { ...words, warnings: [mixedWarning(raw, survey, context), ...words.warnings] };
    }
    throw refusal;
  }
  return typeWords(raw, context);
}

/** Above this share of numbers a column is meant to be numbers, and a word among them is a mistake to be corrected. */
const clearlyNumericShare = 0.75;
/** With no more than this many different numbers they may be the names of grades or types. */
const codeCount = 12;

/**
 * What to do with words in a column of numbers: null when there are none, an error naming the first when the column is clearly
 * meant to be numbers, and `category` when the numbers may be codes themselves (steel 304, 316, 316L).
 */
function judgeMixture(
  raw: RawColumn,
  odd: CellSurvey['oddCells'],
  survey: CellSurvey,
  context: CellContext,
): null | 'category' | EngineError {
  const infinite = odd.find((cell) => cell.quantity?.kind === 'infinite');
  if (infinite !== undefined) {
    return cellError(
      raw,
      infinite.index,
      context,
      'is not a finite number',
      'Leave the cell empty, or write a number.',
    );
  }
  // Excel damage is a number or a name that was; it becomes missing, and is listed.
  const words = odd.filter((cell) => cell.quantity === null && !isExcelDamage(cell.text, context));
  const boolean = survey.booleanCount;
  if (words.length === 0 && boolean === 0) return null;
  const numberCount = survey.typedNumberCount + survey.textNumberCount + survey.quantityCount;
  const distinct = countDistinctNumbers(raw.cells, codeCount + 1);
  const isContinuous = distinct > codeCount || 2 * distinct > numberCount;
  if (boolean > 0 || numberCount < clearlyNumericShare * survey.presentCount || !isContinuous)
    return 'category';
  const first = words[0]!;
  const listed = words
    .slice(0, 5)
    .map((word) => `${JSON.stringify(word.text.slice(0, 40))} (row ${context.fileRows[word.index]!})`);
  return cellError(
    raw,
    first.index,
    context,
    `is not a number, while ${numberCount} other cells are; such cells: ${listed.join(', ')}` +
      (survey.oddCount - survey.quantityCount > 5
        ? ` and ${survey.oddCount - survey.quantityCount - 5} more`
        : ''),
    'Leave cells without a value empty; write remarks into a column of their own.',
  );
}

function countDistinctNumbers(cells: readonly RawCell[], enough: number): number {
  const seen = new Set<RawCell>();
  for (const cell of cells) {
    if (cell === null || typeof cell === 'boolean') continue;
    if (typeof cell === 'string' && !/\d/.test(cell)) continue;
    seen.add(cell);
    if (seen.size >= enough) break;
  }
  return seen.size;
}

function mixedWarning(raw: RawColumn, survey: CellSurvey, context: CellContext): Warning {
  const odd = survey.oddCells.filter((cell) => cell.quantity === null);
  const examples = odd
    .slice(0, 5)
    .map((cell) => `${JSON.stringify(cell.text.slice(0, 40))} (row ${context.fileRows[cell.index]!})`);
  const numbers = survey.typedNumberCount + survey.textNumberCount + survey.quantityCount;
  const others = survey.presentCount - numbers;
  return {
    code: 'mixed_cells',
    message:
      `"${raw.header}" mixes ${numbers} numbers with ${others} other cells` +
      (examples.length > 0 ? ` such as ${examples.join(', ')}` : '') +
      '; it is read as categories. Set its data type to numeric to leave the other cells out.',
    column: raw.header,
    rows: odd.slice(0, 5).map((cell) => cell.index + 1),
    count: others,
  };
}

function typeNothing(raw: RawColumn, words: ReadonlyMap<string, number>, context: CellContext): TypedCells {
  const n = raw.cells.length;
  const isText = context.dataType !== null && context.dataType !== 'numeric';
  return {
    column: isText
      ? { kind: 'categorical', key: raw.header, codes: new Int32Array(n).fill(-1), levels: [] }
      : { kind: 'numeric', key: raw.header, values: new Float64Array(n).fill(NaN) },
    dataType: context.dataType ?? 'numeric',
    isDate: false,
    unit: null,
    warnings: missingWarning(raw.header, words),
  };
}
