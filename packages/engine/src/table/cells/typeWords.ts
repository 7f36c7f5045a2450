import type { DataType, Warning } from '@athanor/schema';
import { EngineError } from '../../engineError.ts';
import { gatherMoleculeEvidence, readSmiles } from '../infer/smiles.ts';
import type { RawCell, RawColumn } from '../rawTable.ts';
import { readBooleans } from './booleans.ts';
import { missingWarning, type CellContext, type TypedCells } from './cellContext.ts';
import { looksLikeDate, looksLikeExcelDate, readClock, readDates } from './dates.ts';
import { isMissingWord } from './missingWords.ts';

/** Texts of a column, trimmed, as levels. */
interface Levels {
  /** In order of first appearance. */
  readonly levels: string[];
  /** Level of each cell, -1 for a missing one [n]. */
  readonly codes: Int32Array;
  /** First cell of each level. */
  readonly firstCell: readonly number[];
  readonly missingWords: ReadonlyMap<string, number>;
  /** First cell of each level as it stands in the file. */
  readonly verbatim: readonly string[];
  /** Cells with blanks around their text. */
  readonly blankedCount: number;
}

/**
 * Reads a column of words: dates, times, truth values, molecules, or categories.
 *
 * @throws EngineError DATE_AMBIGUOUS, CELL_INVALID for days that do not exist, VARIABLE_CONFLICT when the cells cannot be
 *   what the user says they are.
 */
export function typeWords(raw: RawColumn, context: CellContext): TypedCells {
  const read = readLevels(raw.cells);
  const wanted = context.dataType;
  const warnings = missingWarning(raw.header, read.missingWords);
  if (wanted === null || wanted === 'numeric') {
    const numbers = readDateColumn(raw, read, context) ?? readClockColumn(raw, read);
    if (numbers !== null) return { ...numbers, warnings: [...numbers.warnings, ...warnings] };
    if (wanted === 'numeric') throw conflict(raw, 'numeric', 'none of its cells is a number');
  }
  if (wanted === null || wanted === 'boolean') {
    const mapping = readBooleans(read.levels) ?? (wanted === 'boolean' ? readDigits(read.levels) : null);
    if (mapping !== null) return typeBooleans(raw, read, mapping, warnings);
    if (wanted === 'boolean') {
      const shown = read.levels.slice(0, 5).map((level) => JSON.stringify(level.slice(0, 40)));
      throw conflict(raw, 'boolean', `its values ${shown.join(', ')} do not say yes or no`);
    }
  }
  const dataType = wanted ?? (isMolecular(read.levels, raw.header) ? 'molecular' : 'categorical');
  // Texts that never repeat are names or remarks, which nothing compares; they stay as they are.
  const isUnique = wanted === null && isWithoutRepeats(read);
  if (read.blankedCount > 0 && !isUnique) {
    warnings.push({
      code: 'blanks_trimmed',
      message: `${read.blankedCount} cells of "${raw.header}" have blanks around their text, which are ignored.`,
      column: raw.header,
      count: read.blankedCount,
    });
  }
  if (dataType === 'molecular') warnings.push(...checkMolecules(raw, read));
  else warnings.push(...checkCategories(raw, read));
  return {
    column: {
      kind: 'categorical',
      key: raw.header,
      codes: read.codes,
      levels: isUnique ? read.verbatim : read.levels,
    },
    dataType,
    isDate: false,
    unit: null,
    warnings,
  };
}

function isWithoutRepeats({ levels, codes }: Levels): boolean {
  if (levels.length < 2) return false;
  let presentCount = 0;
  for (const code of codes) if (code >= 0) presentCount++;
  return presentCount === levels.length;
}

function readLevels(cells: readonly RawCell[]): Levels {
  const codes = new Int32Array(cells.length).fill(-1);
  const levels: string[] = [];
  const firstCell: number[] = [];
  const verbatim: string[] = [];
  const byText = new Map<string, number>();
  const missingWords = new Map<string, number>();
  let blankedCount = 0;
  for (let index = 0; index < cells.length; index++) {
    const cell = cells[index]!;
    if (cell === null || (typeof cell === 'number' && Number.isNaN(cell))) continue;
    const whole = String(cell);
    let code = byText.get(whole);
    if (code === undefined) {
      const text = whole.trim();
      if (text === '') continue;
      if (isMissingWord(text, false)) {
        missingWords.set(text, (missingWords.get(text) ?? 0) + 1);
        continue;
      }
      code = byText.get(text);
      if (code === undefined) {
        code = levels.length;
        levels.push(text);
        verbatim.push(whole);
        firstCell.push(index);
        byText.set(text, code);
      }
      byText.set(whole, code);
    }
    if (whole.length !== levels[code]!.length) blankedCount++;
    codes[index] = code;
  }
  return { levels, codes, firstCell, missingWords, verbatim, blankedCount };
}

/** Share of dates from which on a column is meant to be dates, so that a serial number among them is Excel's doing. */
const datesShare = 0.5;

function readDateColumn(raw: RawColumn, read: Levels, context: CellContext): TypedCells | null {
  const { levels, codes, firstCell } = read;
  // Half of them must be dates, so the first hundred cannot all be something else.
  if (!levels.slice(0, 100).some(looksLikeDate)) return null;
  const isDate = levels.map(looksLikeDate);
  const isSerial = levels.map((level) => /^[2-6]\d{4}(\.\d+)?$/.test(level));
  const dateCount = isDate.filter(Boolean).length;
  if (!levels.every((_, i) => isDate[i] || isSerial[i]) || dateCount < datesShare * levels.length)
    return null;
  const reading = readDates(levels.map((level, i) => (isDate[i] ? level : null)));
  const { header } = raw;
  if (reading.kind !== 'days') {
    const cell = firstCell[reading.index]!;
    const value = levels[reading.index]!.slice(0, 100);
    const location = { row: context.fileRows[cell]!, column: header, value };
    const place = `${value} in column "${header}", row ${location.row}`;
    if (reading.kind === 'impossible')
      throw new EngineError('CELL_INVALID', `${place}: there is no such day.`, location, 'Correct the date.');
    throw new EngineError('DATE_AMBIGUOUS', `${place}: ${reading.reason}.`, location);
  }
  const values = Float64Array.from(codes, (code) => (code < 0 ? NaN : reading.days[code]!));
  const warnings: Warning[] = [
    {
      code: 'dates_as_days',
      message: `"${header}" holds dates (${reading.order}); they are kept as days since 1970-01-01.`,
      column: header,
    },
  ];
  const damaged = [...codes.keys()].filter((i) => codes[i]! >= 0 && isSerial[codes[i]!]);
  if (damaged.length > 0) {
    warnings.push({
      code: 'excel_damage',
      message: `${damaged.length} cells of "${header}" hold serial numbers instead of dates and are taken as missing.`,
      column: header,
      rows: damaged.slice(0, 5).map((i) => i + 1),
      count: damaged.length,
    });
  }
  return {
    column: { kind: 'numeric', key: header, values },
    dataType: 'numeric',
    isDate: true,
    unit: null,
    warnings,
  };
}

function readClockColumn(raw: RawColumn, read: Levels): TypedCells | null {
  const hours = read.levels.map(readClock);
  if (hours.length === 0 || hours.includes(undefined)) return null;
  const values = Float64Array.from(read.codes, (code) => (code < 0 ? NaN : hours[code]!));
  const message = `"${raw.header}" holds times as H:MM:SS; they are read as hours.`;
  return {
    column: { kind: 'numeric', key: raw.header, values },
    dataType: 'numeric',
    isDate: false,
    unit: 'h',
    warnings: [{ code: 'times_as_hours', message, column: raw.header }],
  };
}

/** With the user's word for it, a column of 0 and 1 is boolean. */
function readDigits(levels: readonly string[]): Map<string, boolean> | null {
  const values = levels.map(Number);
  return values.every((value) => value === 0 || value === 1)
    ? new Map(levels.map((level, i) => [level, values[i] === 1]))
    : null;
}

function typeBooleans(
  raw: RawColumn,
  read: Levels,
  mapping: ReadonlyMap<string, boolean>,
  missing: readonly Warning[],
): TypedCells {
  const levels: string[] = [];
  const codeOf = read.levels.map((level) => {
    const text = String(mapping.get(level));
    if (!levels.includes(text)) levels.push(text);
    return levels.indexOf(text);
  });
  const codes = Int32Array.from(read.codes, (code) => (code < 0 ? -1 : codeOf[code]!));
  const shown = [...mapping].map(([level, value]) => `${level} = ${value}`);
  const isPlain = [...mapping.keys()].every((level) => level === 'true' || level === 'false');
  const warnings: Warning[] = isPlain
    ? []
    : [
        {
          code: 'booleans_mapped',
          message: `"${raw.header}" is read as yes or no: ${shown.join(', ')}.`,
          column: raw.header,
        },
      ];
  return {
    column: { kind: 'categorical', key: raw.header, codes, levels },
    dataType: 'boolean',
    isDate: false,
    unit: null,
    warnings: [...warnings, ...missing],
  };
}

/** Shares of the distinct values that make a column one of molecules, with and without a header that says so. */
const namedValidShare = 0.5;
const validShare = 0.9;
const structureShare = 0.5;

/** So many levels tell whether a column holds molecules. */
const sampleLevels = 500;

function isMolecular(levels: readonly string[], header: string): boolean {
  if (levels.length === 0) return false;
  const step = Math.ceil(levels.length / sampleLevels);
  const evidence = gatherMoleculeEvidence(step === 1 ? levels : levels.filter((_, i) => i % step === 0));
  if (/smi(les)?([^a-z]|$)/i.test(header)) return evidence.validShare >= namedValidShare;
  return evidence.validShare >= validShare && evidence.structureShare >= structureShare;
}

function checkMolecules(raw: RawColumn, read: Levels): Warning[] {
  const wrong = read.levels.flatMap((level, code) => (readSmiles(level).isValid ? [] : [code]));
  if (wrong.length === read.levels.length && wrong.length > 0)
    throw conflict(raw, 'molecular', 'none of its cells is a molecule in SMILES notation');
  if (wrong.length === 0) return [];
  return [
    {
      code: 'smiles_invalid',
      message: `${wrong.length} values of "${raw.header}" are not valid SMILES, e.g. ${JSON.stringify(read.levels[wrong[0]!]!.slice(0, 60))}.`,
      column: raw.header,
      rows: wrong.slice(0, 5).map((code) => read.firstCell[code]! + 1),
      count: wrong.length,
    },
  ];
}

function checkCategories(raw: RawColumn, read: Levels): Warning[] {
  const warnings: Warning[] = [];
  const { header } = raw;
  const damaged = read.levels.flatMap((level, code) =>
    looksLikeExcelDate(level) || /^\d(?:\.\d+)?E\+\d{2}$/.test(level) ? [code] : [],
  );
  if (damaged.length > 0) {
    const shown = damaged.slice(0, 5).map((code) => JSON.stringify(read.levels[code]!));
    warnings.push({
      code: 'excel_damage',
      message: `"${header}" has values that a spreadsheet may have made of other ones: ${shown.join(', ')}. They are kept as they are.`,
      column: header,
      rows: damaged.slice(0, 5).map((code) => read.firstCell[code]! + 1),
      count: damaged.length,
    });
  }
  // Beyond a few levels the column is free text or names, where spelling says nothing.
  const similar = read.levels.length <= maxComparedLevels ? findSimilar(read.levels) : [];
  if (similar.length > 0) {
    warnings.push({
      code: 'similar_levels',
      message: `"${header}" has levels that differ only in spelling: ${similar.slice(0, 5).join('; ')}.`,
      column: header,
      count: similar.length,
    });
  }
  const none = read.levels.findIndex((level) => level.toLowerCase() === 'none');
  if (none >= 0) {
    warnings.push({
      code: 'none_kept',
      message: `"${read.levels[none]!}" in "${header}" is kept as a level of its own; leave cells empty if it means "not known".`,
      column: header,
    });
  }
  return warnings;
}

const maxComparedLevels = 200;

/** Pairs of levels that are the same but for case, blanks, hyphens or the composition of their letters. */
function findSimilar(levels: readonly string[]): string[] {
  const bySpelling = new Map<string, string>();
  const similar: string[] = [];
  for (const level of levels) {
    const spelling = level
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[\s_-]+/g, ' ');
    const other = bySpelling.get(spelling);
    if (other === undefined) bySpelling.set(spelling, level);
    else similar.push(`${JSON.stringify(other.slice(0, 40))} and ${JSON.stringify(level.slice(0, 40))}`);
  }
  return similar;
}

function conflict(raw: RawColumn, dataType: DataType, reason: string): EngineError {
  return new EngineError('VARIABLE_CONFLICT', `Column "${raw.header}" cannot be ${dataType}: ${reason}.`, {
    column: raw.header,
  });
}
