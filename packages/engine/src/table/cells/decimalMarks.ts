import type { Warning } from '@athanor/schema';
import { EngineError } from '../../engineError.ts';
import type { RawCell, RawColumn } from '../rawTable.ts';
import { numberForm } from './numberForm.ts';
import { decideNotation, type DecimalHint } from './numberNotation.ts';
import { isMostlyNumeric, surveyCells, type CellSurvey } from './surveyCells.ts';

export interface DecimalMarks {
  /** Mark of the table: named by the user, or what its columns agree on; null when no cell tells. */
  readonly decimalMark: '.' | ',' | null;
  readonly warnings: readonly Warning[];
}

/**
 * Finds out how the columns of a table write numbers, and refuses a table where that cannot be told: a wrong guess is
 * wrong by a factor of a thousand.
 *
 * @param fileRows 1-based row of the file of each data row, for messages [n].
 * @throws EngineError DECIMAL_AMBIGUOUS, DECIMAL_CONTRADICTORY with row, column and value.
 */
export function findDecimalMarks(
  columns: readonly RawColumn[],
  fileRows: Int32Array,
  named: '.' | ',' | undefined,
): DecimalMarks {
  const surveyed: { column: RawColumn; survey: CellSurvey }[] = [];
  const commas: string[] = [];
  const points: string[] = [];
  for (const column of columns) {
    if (!column.cells.some((cell) => typeof cell === 'string')) continue;
    const survey = surveyCells(column.cells);
    if (!isMostlyNumeric(survey) || survey.evidence.bits === 0) continue;
    surveyed.push({ column, survey });
    const { bits } = survey.evidence;
    if ((bits & (numberForm.decimalComma | numberForm.groupPoint)) !== 0) commas.push(column.header);
    if ((bits & (numberForm.decimalPoint | numberForm.groupComma)) !== 0) points.push(column.header);
  }
  const agreed = commas.length > 0 === points.length > 0 ? null : commas.length > 0 ? ',' : '.';
  const hint: DecimalHint | null =
    named !== undefined
      ? { mark: named, isNamed: true }
      : agreed !== null
        ? { mark: agreed, isNamed: false }
        : null;
  for (const { column, survey } of surveyed) {
    const decision = decideNotation(survey.evidence, hint);
    if (decision.kind === 'ambiguous') throw ambiguous(column, decision.cell, fileRows);
    if (decision.kind === 'contradictory') throw contradictory(column, decision.cells, fileRows);
  }
  const warnings: Warning[] = [];
  if (commas.length > 0 && points.length > 0) {
    warnings.push({
      code: 'decimal_marks_differ',
      message: `Columns use different decimal marks: a comma in ${list(commas)}, a point in ${list(points)}.`,
      count: Math.min(commas.length, points.length),
    });
  }
  return { decimalMark: named ?? agreed, warnings };
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `"${name}"`);
  return names.length > 5 ? `${shown.join(', ')} and ${names.length - 5} more` : shown.join(', ');
}

function text(cell: RawCell | undefined): string {
  return String(cell ?? '').slice(0, 100);
}

function ambiguous(column: RawColumn, cell: number, fileRows: Int32Array): EngineError {
  const value = text(column.cells[cell]);
  return new EngineError(
    'DECIMAL_AMBIGUOUS',
    `Is the mark in ${value} (column "${column.header}", row ${fileRows[cell]!}) a decimal mark or between thousands? ` +
      'Nothing in the column tells.',
    { row: fileRows[cell]!, column: column.header, value },
    'Say which decimal mark the file uses (decimalMark "." or ","), or write numbers without thousands marks.',
  );
}

function contradictory(
  column: RawColumn,
  cells: readonly [number, number],
  fileRows: Int32Array,
): EngineError {
  const [first, second] = cells;
  return new EngineError(
    'DECIMAL_CONTRADICTORY',
    `Column "${column.header}" writes numbers in two ways: ${text(column.cells[first])} in row ${fileRows[first]!} ` +
      `and ${text(column.cells[second])} in row ${fileRows[second]!}.`,
    { row: fileRows[second]!, column: column.header, value: text(column.cells[second]) },
  );
}
