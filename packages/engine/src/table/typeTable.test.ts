import { inflateRawSync } from 'node:zlib';
import type { Variable, VariableOverride } from '@athanor/schema';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../engineError.ts';
import { listCells } from './listCells.ts';
import type { RawCell, RawTable } from './rawTable.ts';
import { defaultReadLimits } from './readOptions.ts';
import { readTable } from './readTable.ts';
import type { Table } from './table.ts';
import { typeTable } from './typeTable.ts';

/** A table as the readers give it. */
function raw(
  columns: Record<string, readonly RawCell[]>,
  more: { decimalMark?: '.' | ','; kind?: 'csv' | 'xlsx' } = {},
): RawTable {
  const rowCount = Object.values(columns)[0]!.length;
  return {
    format: {
      kind: more.kind ?? 'csv',
      encoding: null,
      delimiter: ',',
      decimalMark: more.decimalMark ?? null,
      sheet: null,
      headerRow: 1,
    },
    columns: Object.entries(columns).map(([header, cells]) => ({ header, cells })),
    rowCount,
    fileRows: Int32Array.from({ length: rowCount }, (_, i) => i + 2),
    warnings: [],
  };
}

const type = (columns: Record<string, readonly RawCell[]>, overrides: VariableOverride[] = []) =>
  typeTable(raw(columns), overrides);
const variable = (table: Table, key: string): Variable => table.variables.find((one) => one.key === key)!;
const column = (table: Table, key: string): unknown[] =>
  listCells(table, 0, table.rowCount).map((row) => row[table.columns.findIndex((one) => one.key === key)]);
const codes = (one: { warnings: readonly { code: string }[] }) => one.warnings.map(({ code }) => code);
const repeat = <T>(n: number, value: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => value(i));

function refusal(action: () => unknown): EngineError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    return error as EngineError;
  }
  throw new Error('was not refused');
}

describe('numbers', () => {
  test('empty and blank cells are missing and never zero', () => {
    const table = type({ x: ['1', '', '  ', null, '\u00a0', '2'] });
    expect(column(table, 'x')).toEqual([1, null, null, null, null, 2]);
    expect(variable(table, 'x')).toMatchObject({
      dataType: 'numeric',
      missingCount: 4,
      distinctCount: 2,
      range: { min: 1, max: 2 },
    });
  });

  test('unusual signs are read and counted', () => {
    const table = type({ x: ['\u22125', '1\u00a0', '１２', '+5', '.5', '5.', '1.2×10^3'] });
    expect(column(table, 'x')).toEqual([-5, 1, 12, 5, 0.5, 5, 1200]);
    expect(variable(table, 'x').warnings).toMatchObject([{ code: 'number_normalised', count: 4 }]);
  });

  test('decimal commas hold for the whole column', () => {
    const table = typeTable(raw({ x: ['1,5', '2', '1.234,5', '1,250'] }, { decimalMark: ',' }), []);
    expect(column(table, 'x')).toEqual([1.5, 2, 1234.5, 1.25]);
    expect(codes(variable(table, 'x'))).toEqual(['thousands_marks']);
  });

  test('the mark that the user named decides what nothing else does', () => {
    expect(column(typeTable(raw({ x: ['1,234'] }, { decimalMark: ',' }), []), 'x')).toEqual([1.234]);
    expect(column(typeTable(raw({ x: ['1,234'] }, { decimalMark: '.' }), []), 'x')).toEqual([1234]);
  });

  test('words for missing values are counted one by one', () => {
    const table = type({ x: ['1', 'NA', 'N/A', 'null', 'None', 'nan', '-', '?', '.', 'n.d.', 'NA', '3'] });
    expect(variable(table, 'x')).toMatchObject({ dataType: 'numeric', missingCount: 10 });
    const [warning] = variable(table, 'x').warnings;
    expect(warning).toMatchObject({ code: 'missing_words', count: 10 });
    expect(warning!.message).toContain('"NA" (2)');
  });

  test('numbers that stand for missing values are warned of and kept', () => {
    const table = type({
      x: [...repeat(20, (i) => `${10 + i}`), '-999', '-999'],
      y: repeat(22, (i) => `${i * i}`),
    });
    expect(variable(table, 'x').warnings).toMatchObject([
      { code: 'sentinel_values', count: 2, rows: [21, 22] },
    ]);
    expect(variable(table, 'x').range!.min).toBe(-999);
  });

  test('a unit in every cell becomes the unit of the column', () => {
    const table = type({ dose: ['12 mg', '15 mg', '18 mg'], y: ['1', '3', '2'] });
    expect(column(table, 'dose')).toEqual([12, 15, 18]);
    expect(variable(table, 'dose')).toMatchObject({ unit: 'mg', type: 'material_amount' });
    expect(codes(variable(table, 'dose'))).toEqual(['unit_in_cells']);
  });

  test('a unit in cells may repeat that of the header', () => {
    expect(column(type({ 'water (wt%)': ['5 %', '6 %', '7'] }), 'water (wt%)')).toEqual([5, 6, 7]);
    expect(codes(variable(type({ 'dose $& (mg)': ['5 mg', '6'] }), 'dose $& (mg)'))).toEqual([
      'unit_in_cells',
    ]);
  });

  test.each([
    ['units that differ', { dose: ['12 mg', '15 g', '18 mg'] }, 3],
    ['a unit that contradicts the header', { 'dose (g)': ['12 mg', '15 mg', '18 mg'] }, 2],
    ['a unit beside bare numbers', { dose: ['12', '15 mg', '18'] }, 3],
  ])('%s are refused', (_, columns, row) => {
    expect(refusal(() => type(columns))).toMatchObject({ code: 'CELL_INVALID', location: { row } });
  });

  test('bounds are missing, approximate and uncertain numbers are used, all counted', () => {
    const table = type({ x: ['1', '<0.1', '>100', '~5', '1.2±0.3', '7', '8', '9'] });
    expect(column(table, 'x')).toEqual([1, null, null, 5, 1.2, 7, 8, 9]);
    expect(variable(table, 'x').warnings).toMatchObject([
      { code: 'censored_values', count: 2, rows: [2, 3] },
      { code: 'approximate_values', count: 1 },
      { code: 'uncertainty_ignored', count: 1 },
    ]);
  });

  test('infinite numbers are refused with their place', () => {
    for (const word of ['inf', '-Infinity', '1e400'])
      expect(refusal(() => type({ x: ['1', '2', word, '4'] }))).toMatchObject({
        code: 'CELL_INVALID',
        location: { row: 4, column: 'x', value: word },
      });
    expect(refusal(() => typeTable(raw({ x: [1, Infinity] }, { kind: 'xlsx' }), []))).toMatchObject({
      code: 'CELL_INVALID',
    });
  });

  test('a word in a column of numbers is refused with the first cells and a remedy', () => {
    const cells = [...repeat(30, (i) => String(i * 1.5)), 'broken', 'lost'];
    const error = refusal(() => type({ strength: cells }));
    expect(error).toMatchObject({
      code: 'CELL_INVALID',
      location: { row: 32, column: 'strength', value: 'broken' },
    });
    expect(error.message).toContain('30 other cells');
    expect(error.message).toContain('"lost" (row 33)');
  });

  test('codes that are partly numbers are categories with a warning', () => {
    const grades = repeat(40, (i) => ['304', '316', '316L', '430'][i % 4]!);
    const table = type({ grade: grades, y: repeat(40, (i) => String(i * 0.7)) });
    expect(variable(table, 'grade')).toMatchObject({
      dataType: 'categorical',
      role: 'input',
      levels: ['304', '316', '316L', '430'],
    });
    expect(variable(table, 'grade').warnings).toMatchObject([
      { code: 'mixed_cells', count: 10, rows: [3, 7, 11, 15, 19] },
    ]);
  });

  test('the user may say that a mixed column is numeric; words then are missing', () => {
    const grades = repeat(40, (i) => ['304', '316', '316L', '430'][i % 4]!);
    const table = type({ grade: grades }, [{ key: 'grade', dataType: 'numeric' }]);
    expect(variable(table, 'grade')).toMatchObject({
      dataType: 'numeric',
      missingCount: 10,
      overridden: ['dataType'],
    });
    expect(codes(variable(table, 'grade'))).toContain('text_dropped');
  });

  test('the user may say that numbers are categories', () => {
    const table = type({ supplier: ['1', '2', '1', '10'], y: ['1', '2', '3', '5'] }, [
      { key: 'supplier', dataType: 'categorical' },
    ]);
    expect(variable(table, 'supplier')).toMatchObject({
      dataType: 'categorical',
      levels: ['1', '2', '10'],
      range: null,
    });
    const typed = typeTable(raw({ supplier: [1, 2, 1], y: [1, 2, 4] }, { kind: 'xlsx' }), [
      { key: 'supplier', dataType: 'categorical' },
    ]);
    expect(variable(typed, 'supplier').levels).toEqual(['1', '2']);
  });

  test('integers that doubles cannot hold are warned of', () => {
    const table = type({ code: ['9007199254740993', '5', '6'] });
    expect(codes(variable(table, 'code'))).toContain('precision_loss');
    // A decimal of 17 digits is what a double prints, and loses nothing.
    expect(codes(variable(type({ x: ['0.39619299999999996', '1'] }), 'x'))).toEqual([]);
  });

  test('numbers written as text in a workbook are read and counted', () => {
    const table = typeTable(raw({ x: [1.5, '2.5', ' 3 ', 4] }, { kind: 'xlsx' }), []);
    expect(column(table, 'x')).toEqual([1.5, 2.5, 3, 4]);
    expect(variable(table, 'x').warnings).toMatchObject([{ code: 'numbers_as_text', count: 2 }]);
  });

  test('codes with leading zeros keep them; among other numbers the zeros are warned of', () => {
    const codes4 = type({ grade: ['0012', '0340', '1250', '0012'], y: ['1', '2', '3', '5'] });
    expect(variable(codes4, 'grade')).toMatchObject({
      dataType: 'categorical',
      levels: ['0012', '0340', '1250'],
    });
    const damaged = type({ grade: ['0012', '340', '1250', '12'], y: ['1', '2', '3', '5'] });
    expect(variable(damaged, 'grade').dataType).toBe('numeric');
    expect(variable(damaged, 'grade').warnings).toMatchObject([{ code: 'excel_damage', count: 1 }]);
    expect(variable(type({ x: ['0', '0.5', '00', '1'] }), 'x').dataType).toBe('numeric');
  });

  test('a date among the numbers of a workbook is the work of the spreadsheet', () => {
    const cells = [...repeat(10, (i) => i * 0.3), '2025-03-01'];
    const table = typeTable(raw({ ratio: cells }, { kind: 'xlsx' }), []);
    expect(variable(table, 'ratio').warnings).toMatchObject([{ code: 'excel_damage', rows: [11], count: 1 }]);
    expect(refusal(() => type({ ratio: cells.map(String) })).code).toBe('CELL_INVALID');
  });

  test('text is never read by its beginning', () => {
    const table = type({ code: ['12abc', '3 apples', '4', '0x10', '1e', '5-7'] });
    expect(variable(table, 'code').dataType).toBe('categorical');
  });
});

describe('words', () => {
  test('truth values are mapped, and the mapping is shown', () => {
    const table = type({ ok: ['TRUE', 'yes', '1', 'ja', 'no', ''], y: ['1', '2', '3', '4', '5', '7'] });
    expect(column(table, 'ok')).toEqual([true, true, true, true, false, null]);
    expect(variable(table, 'ok')).toMatchObject({ dataType: 'boolean', levels: ['true', 'false'] });
    expect(variable(table, 'ok').warnings[0]!.message).toContain('ja = true');
  });

  test('0 and 1 stay numbers unless the user says otherwise', () => {
    const cells = { flag: ['0', '1', '1', '0'], y: ['1', '2', '3', '5'] };
    expect(variable(type(cells), 'flag').dataType).toBe('numeric');
    const table = type(cells, [{ key: 'flag', dataType: 'boolean' }]);
    expect(column(table, 'flag')).toEqual([false, true, true, false]);
  });

  test('none is an answer, NA is not', () => {
    const table = type({ additive: ['none', 'A', 'NA', 'A', 'none'], y: ['1', '2', '3', '4', '6'] });
    expect(column(table, 'additive')).toEqual(['none', 'A', null, 'A', 'none']);
    expect(codes(variable(table, 'additive')).sort()).toEqual(['missing_words', 'none_kept']);
  });

  test('sodium is not missing', () => {
    expect(column(type({ ion: ['Na', 'K', 'Na', 'Li'] }), 'ion')).toEqual(['Na', 'K', 'Na', 'Li']);
  });

  test('blanks around repeated words are ignored and counted; words of their own stay as they are', () => {
    const table = type({
      resin: ['A', ' A', 'B ', 'B', 'A'],
      name: [' a', 'b ', 'c', 'd', ' =1'],
      y: ['1', '2', '3', '4', '6'],
    });
    expect(column(table, 'resin')).toEqual(['A', 'A', 'B', 'B', 'A']);
    expect(variable(table, 'resin').warnings).toMatchObject([{ code: 'blanks_trimmed', count: 2 }]);
    expect(column(table, 'name')).toEqual([' a', 'b ', 'c', 'd', ' =1']);
  });

  test('levels that differ only in spelling are named', () => {
    const table = type({ resin: ['Epoxy', 'epoxy', 'PU', 'Epoxy', 'PU'], y: ['1', '2', '3', '4', '6'] });
    expect(codes(variable(table, 'resin'))).toEqual(['similar_levels']);
    expect(variable(table, 'resin').distinctCount).toBe(3);
  });

  test('what a spreadsheet makes of names and numbers is listed and not repaired', () => {
    const genes = type({
      gene: ['1-Mar', '2-Sep', 'TP53', '2.31E+13', 'TP53', '1-Mar'],
      y: ['1', '2', '3', '4', '5', '7'],
    });
    const warning = variable(genes, 'gene').warnings.find(({ code }) => code === 'excel_damage');
    expect(warning).toMatchObject({ rows: [1, 2, 4], count: 3 });
    expect(column(genes, 'gene')[0]).toBe('1-Mar');
    const ratios = type({ ratio: [...repeat(10, (i) => String(i * 0.3)), '1-Mar'] });
    expect(variable(ratios, 'ratio')).toMatchObject({ dataType: 'numeric', missingCount: 1 });
    expect(variable(ratios, 'ratio').warnings).toMatchObject([
      { code: 'excel_damage', rows: [11], count: 1 },
    ]);
  });

  test('molecules are found by their notation and invalid ones are named', () => {
    const smiles = [
      'CCO',
      'c1ccccc1',
      'CC(=O)O',
      'CCN',
      'C1CCCCC1',
      'O=C=O',
      'CCCl',
      'C#N',
      'CC(C)C',
      'c1ccncc1O',
    ];
    const table = type({ structure: smiles, y: smiles.map((_, i) => String(i * i)) });
    expect(variable(table, 'structure')).toMatchObject({
      dataType: 'molecular',
      type: 'molecule',
      role: 'input',
    });
    const named = type({ SMILES: ['CCO', 'CC', 'C1CC', 'CCO'], y: ['1', '2', '3', '5'] });
    expect(variable(named, 'SMILES')).toMatchObject({ dataType: 'molecular' });
    expect(variable(named, 'SMILES').warnings).toMatchObject([
      { code: 'smiles_invalid', rows: [3], count: 1 },
    ]);
  });

  test('abbreviations of polymers and elements are no molecules', () => {
    const polymers = repeat(12, (i) => ['PP', 'PC', 'PS', 'PBO'][i % 4]!);
    expect(variable(type({ polymer: polymers, y: repeat(12, String) }), 'polymer').dataType).toBe(
      'categorical',
    );
    const elements = repeat(12, (i) => ['C', 'N', 'O', 'B'][i % 4]!);
    expect(variable(type({ dopant: elements, y: repeat(12, String) }), 'dopant').dataType).toBe(
      'categorical',
    );
  });
});

describe('dates', () => {
  test('ISO dates become days since 1970 and say when a row was made', () => {
    const table = type({ date: ['1970-01-02', '2025-03-04', '', '2025-03-04'], y: ['1', '2', '3', '5'] });
    expect(column(table, 'date')).toEqual([1, 20151, null, 20151]);
    expect(variable(table, 'date')).toMatchObject({
      dataType: 'numeric',
      unit: 'days since 1970-01-01',
      role: 'identifier',
    });
    expect(codes(variable(table, 'date'))).toEqual(['id_like', 'dates_as_days']);
    expect(
      variable(
        type({ date: ['1970-01-02', '2025-03-04'], y: ['1', '2'] }, [{ key: 'date', role: 'input' }]),
        'date',
      ).role,
    ).toBe('input');
  });

  test.each([
    ['03/04/2025', 'DATE_AMBIGUOUS'],
    ['03.04.25', 'DATE_AMBIGUOUS'],
    ['1900-02-29', 'CELL_INVALID'],
  ])('%s is refused as %s with its place', (text, code) => {
    const error = refusal(() => type({ date: ['', text, text], y: ['1', '2', '3'] }));
    expect(error).toMatchObject({ code, location: { row: 3, column: 'date', value: text } });
  });

  test('serial numbers among dates are the work of a spreadsheet', () => {
    const table = type({
      date: ['2025-03-04', '2025-03-05', '45722', '2025-03-07'],
      y: ['1', '2', '3', '5'],
    });
    expect(column(table, 'date')).toEqual([20151, 20152, null, 20154]);
    expect(variable(table, 'date').warnings.find(({ code }) => code === 'excel_damage')).toMatchObject({
      rows: [3],
      count: 1,
    });
  });

  test('serial numbers alone are warned of', () => {
    const table = type({
      date: repeat(10, (i) => String(45720 + i * i)),
      y: repeat(10, (i) => String(i * 3)),
    });
    expect(variable(table, 'date').role).toBe('identifier');
    expect(codes(variable(table, 'date'))).toEqual(['serial_dates']);
  });

  test('times are hours', () => {
    const table = type({ cure: ['01:30:00', '36:00:00'], y: ['1', '2'] });
    expect(column(table, 'cure')).toEqual([1.5, 36]);
    expect(variable(table, 'cure').unit).toBe('h');
  });
});

describe('what columns are', () => {
  const y = repeat(30, (i) => String(Math.sin(i) * 20 + 50));

  test('names, row numbers, numbers of samples and constants are no inputs', () => {
    const table = type({
      'Exp. No.': repeat(30, (i) => String(i + 1)),
      sample: repeat(30, (i) => `S-${1000 + i}`),
      barcode: repeat(30, (i) => String(100_000 + 37 * i)),
      batch: repeat(30, (i) => String(i >> 2)),
      speed: repeat(30, () => '5'),
      nothing: repeat(30, () => ''),
      comment: repeat(30, (i) => (i === 4 ? 'spilled' : i === 5 ? 'late' : '')),
      temperature: repeat(30, (i) => String(20 + (i % 5))),
      strength: y,
    });
    expect(table.variables.map(({ key, role }) => [key, role])).toEqual([
      ['Exp. No.', 'identifier'],
      ['sample', 'identifier'],
      ['barcode', 'identifier'],
      ['batch', 'group'],
      ['speed', 'ignored'],
      ['nothing', 'ignored'],
      ['comment', 'ignored'],
      ['temperature', 'input'],
      ['strength', 'target'],
    ]);
    expect(table.variables.slice(0, 7).map((one) => codes(one)[0])).toEqual([
      'id_like',
      'id_like',
      'id_like',
      'group_found',
      'constant',
      'all_missing',
      'notes_ignored',
    ]);
  });

  test('an unnamed count in the first column is an index, in a column with a meaning it is not', () => {
    expect(
      variable(
        type({ index_col: repeat(30, String), x: y, z: y.map((v) => String(Number(v) ** 2)) }),
        'index_col',
      ).role,
    ).toBe('identifier');
    expect(variable(type({ 'time (h)': repeat(30, String), strength: y }), 'time (h)').role).toBe('input');
    expect(variable(type({ x: repeat(30, String), y }), 'x').role).toBe('input');
  });

  test('the spread and the number of replicates stay out of the inputs', () => {
    const table = type({
      temperature: repeat(30, (i) => String(i % 6)),
      conductivity: y,
      conductivity_std: repeat(30, (i) => String(0.1 + (i % 7) / 100)),
      n_replicates: repeat(30, (i) => String(2 + (i % 3))),
    });
    expect(table.variables.map(({ role }) => role)).toEqual(['input', 'target', 'ignored', 'ignored']);
    expect(codes(variable(table, 'conductivity_std'))).toEqual(['replicate_statistics']);
  });

  test('a composition makes amounts of its parts, whatever they are called', () => {
    const a = repeat(30, (i) => 10 + (i % 13));
    const b = repeat(30, (i) => 30 + ((7 * i) % 11));
    const table = type({
      foo: a.map(String),
      bar: b.map(String),
      baz: a.map((v, i) => String(100 - v - b[i]!)),
      strength: y,
    });
    expect(table.variables.map((one) => one.type)).toEqual([
      'material_amount',
      'material_amount',
      'material_amount',
      'property',
    ]);
    expect(table.warnings).toMatchObject([{ code: 'composition_found' }]);
  });

  test('traces that some cells give a bound for were measured, whatever their unit', () => {
    const fibre = repeat(30, (i) => 5 * (i % 7));
    const table = type({
      'resin (wt%)': fibre.map((v) => String(100 - v)),
      'fibre (wt%)': fibre.map(String),
      'strength (MPa)': y,
      'residual monomer (ppm)': repeat(30, (i) => (i % 6 === 0 ? '<0.1' : String(0.1 + ((i * 7) % 11) / 10))),
      'stabiliser (ppm)': repeat(30, (i) => String(50 * (i % 4))),
    });
    expect(variable(table, 'residual monomer (ppm)')).toMatchObject({ type: 'property', role: 'target' });
    expect(variable(table, 'stabiliser (ppm)')).toMatchObject({ type: 'material_amount', role: 'input' });
  });

  test('rows that break the composition are named', () => {
    const a = repeat(40, (i) => 10 + (i % 13));
    const rest = a.map((v, i) => (i === 5 ? 20 : 100 - v));
    const table = type({
      foo: a.map(String),
      bar: rest.map(String),
      strength: repeat(40, (i) => String(Math.cos(i))),
    });
    expect(table.warnings).toMatchObject([{ code: 'composition_open', rows: [6], count: 1 }]);
  });

  test('when nothing tells, the last column of numbers is the target, with a warning', () => {
    const table = type({
      alpha: repeat(10, (i) => String(i % 3)),
      beta: repeat(10, (i) => String(i % 4)),
      gamma: repeat(10, (i) => String(i * 1.1)),
    });
    expect(table.variables.map(({ role }) => role)).toEqual(['input', 'input', 'target']);
    expect(table.warnings).toMatchObject([{ code: 'target_guessed', column: 'gamma' }]);
  });

  test('a target of few values is a number, and the user is told', () => {
    const table = type({
      temperature: repeat(30, (i) => String(i % 6)),
      rating: repeat(30, (i) => String(1 + ((i * 7) % 5))),
    });
    expect(variable(table, 'rating')).toMatchObject({ role: 'target', dataType: 'numeric' });
    expect(codes(variable(table, 'rating'))).toEqual(['target_of_few_values']);
  });

  test('a target named by the user ends the guessing', () => {
    const table = type(
      {
        alpha: repeat(10, (i) => String(i % 3)),
        beta: repeat(10, (i) => String(i % 4)),
        gamma: repeat(10, (i) => String(i * 1.1)),
      },
      [{ key: 'beta', role: 'target' }],
    );
    expect(table.variables.map(({ role }) => role)).toEqual(['input', 'target', 'input']);
    expect(table.warnings).toEqual([]);
  });

  test('results may stand first', () => {
    const table = type({
      'yield (%)': y,
      foo: repeat(30, (i) => String(i % 3)),
      bar: repeat(30, (i) => String((i * 7) % 5)),
    });
    expect(table.variables.map(({ role }) => role)).toEqual(['target', 'input', 'input']);
  });

  test('an outcome in words is left out', () => {
    const table = type({
      temperature: repeat(30, (i) => String(i % 6)),
      phase: repeat(30, (i) => ['BCC', 'FCC'][i % 2]!),
      hardness: y,
      verdict: repeat(30, (i) => ['good', 'bad'][i % 2]!),
    });
    expect(table.variables.map(({ role }) => role)).toEqual(['input', 'ignored', 'target', 'ignored']);
    expect(codes(variable(table, 'phase'))).toEqual(['measured_label']);
  });

  test('a copy of the target is left out, a near copy is warned of first', () => {
    const table = type({
      temperature: repeat(30, (i) => String(i % 6)),
      foo: y,
      bar: y.map((value, i) => String(Number(value) * 145 + (i % 2) * 0.01)),
      strength: y,
    });
    expect(variable(table, 'foo')).toMatchObject({ role: 'ignored' });
    expect(codes(variable(table, 'foo'))[0]).toBe('possible_leak');
    expect(variable(table, 'bar').role).toBe('input');
    expect(codes(variable(table, 'bar'))[0]).toBe('possible_leak');
  });

  test('of equal inputs the later is left out; names of molecules beside SMILES stay', () => {
    const x = repeat(30, (i) => String(i % 7));
    const table = type({
      foo: x,
      bar: x,
      solvent: x.map((v) => `S${v}`),
      solvent_smiles: x.map((v) => 'C'.repeat(Number(v) + 1) + 'O'),
      strength: y,
    });
    expect(table.variables.map(({ role }) => role)).toEqual(['input', 'ignored', 'input', 'input', 'target']);
    expect(codes(variable(table, 'bar'))).toContain('duplicate_column');
    expect(codes(variable(table, 'solvent_smiles'))).toEqual(['same_information']);
  });

  test('names without units; whole headers where two names are equal', () => {
    const table = type({
      'strength (MPa)': y,
      'strength (psi)': y.map((v) => String(Number(v) * 145.04)),
      fly_ash_kg_m3: repeat(30, (i) => String(i % 9)),
    });
    expect(table.variables.map(({ name }) => name)).toEqual(['strength (MPa)', 'strength (psi)', 'fly ash']);
  });

  test('a table of nothing but words or one column still has types', () => {
    expect(type({ a: ['x', 'y', 'x'], b: ['u', 'u', 'v'] }).variables.map(({ role }) => role)).toEqual([
      'input',
      'input',
    ]);
    expect(type({ a: ['1', '2', '4'] }).variables).toHaveLength(1);
    expect(type({ a: ['1'] }).variables[0]).toMatchObject({ role: 'ignored', distinctCount: 1 });
  });

  test('headers that mean something to JavaScript are only names', () => {
    const table = type(
      { ['__proto__x']: ['1', '2', '3'], constructor: ['1', '5', '3'], toString: ['4', '5', '9'] },
      [{ key: 'constructor', role: 'target' }],
    );
    expect(variable(table, 'constructor').role).toBe('target');
    expect(refusal(() => type({ a: ['1'] }, [{ key: '__proto__', role: 'target' }])).code).toBe(
      'COLUMN_UNKNOWN',
    );
  });
});

describe('what the user says', () => {
  const columns = {
    solvent: ['A', 'B', 'A', 'B', 'A', 'B'],
    water_kg_m3: ['1', '2', '3', '4', '5', '7'],
    temperature: ['10', '20', '30', '10', '20', '30'],
    strength_MPa: ['5', '6', '8', '9', '1', '2'],
  };

  test('wins, and is recorded', () => {
    const table = type(columns, [
      { key: 'temperature', role: 'target' },
      { key: 'strength_MPa', role: 'ignored' },
      { key: 'water_kg_m3', unit: 'g/L', bounds: { lower: 0, upper: 10 } },
      { key: 'solvent', role: 'group' },
    ]);
    expect(table.variables.map(({ role, type: kind, overridden }) => [role, kind, overridden])).toEqual([
      ['group', 'parameter', ['role']],
      ['input', 'material_amount', ['unit', 'bounds']],
      ['target', 'property', ['role']],
      ['ignored', 'property', ['role']],
    ]);
    expect(variable(table, 'water_kg_m3')).toMatchObject({ unit: 'g/L', bounds: { lower: 0, upper: 10 } });
  });

  test('a type says the role, too', () => {
    const table = type(columns, [
      { key: 'temperature', type: 'property' },
      { key: 'strength_MPa', type: 'parameter' },
    ]);
    expect(table.variables.map(({ role }) => role)).toEqual(['input', 'input', 'target', 'input']);
  });

  test('a target that nobody would have guessed withdraws the guesses, not the sure results', () => {
    const scatter = (factor: number): string[] =>
      Array.from({ length: 24 }, (_, i) => String((i * factor) % 41));
    const cells = {
      temperature: Array.from({ length: 24 }, (_, i) => String(20 + 10 * (i % 3))),
      pressure: Array.from({ length: 24 }, (_, i) => String(1 + (i % 4))),
      first: scatter(11),
      second: scatter(7),
      treatment: Array.from({ length: 24 }, (_, i) => 'ABCDE'[i % 5]!),
    };
    const roles = (table: Table): string[] => table.variables.map(({ role }) => role);
    const read = type(cells);
    expect(roles(read)).toEqual(['input', 'input', 'target', 'target', 'ignored']);
    const named = type(cells, [{ key: 'temperature', role: 'target' }]);
    expect(roles(named)).toEqual(['target', 'input', 'input', 'input', 'input']);
    expect(codes(variable(named, 'first'))).toEqual(['result_withdrawn']);
    expect(codes(variable(named, 'treatment'))).toEqual([]);
    // A named target that was one already changes nothing, and what the user says of a column holds.
    expect(roles(type(cells, [{ key: 'first', role: 'target' }]))).toEqual(roles(read));
    const both = type(cells, [
      { key: 'temperature', role: 'target' },
      { key: 'second', role: 'target' },
    ]);
    expect(roles(both)).toEqual(['target', 'input', 'input', 'target', 'input']);
    const sure = type({ ...cells, viscosity: scatter(5) }, [{ key: 'temperature', role: 'target' }]);
    expect(variable(sure, 'viscosity').role).toBe('target');
  });

  test('null takes a word back, and later words win', () => {
    const plain = type(columns);
    const taken = type(columns, [
      { key: 'temperature', role: 'target', unit: 'K' },
      { key: 'temperature', role: null, unit: null },
    ]);
    expect(taken).toEqual(plain);
    const last = type(columns, [
      { key: 'temperature', unit: 'K' },
      { key: 'temperature', unit: '°C' },
    ]);
    expect(variable(last, 'temperature').unit).toBe('°C');
    expect(variable(type(columns, [{ key: 'water_kg_m3', unit: '' }]), 'water_kg_m3').unit).toBeNull();
  });

  test('a warning that a column is left out goes when the user takes it in', () => {
    const cells = { name: ['a', 'b', 'c', 'd'], x: ['1', '2', '1', '2'], strength: ['1', '4', '2', '9'] };
    expect(codes(variable(type(cells), 'name'))).toEqual(['id_like']);
    const table = type(cells, [{ key: 'name', role: 'input' }]);
    expect(variable(table, 'name')).toMatchObject({ role: 'input', warnings: [] });
  });

  test.each([
    ['an amount that is text', { key: 'solvent', type: 'material_amount' as const }],
    ['text as numbers', { key: 'solvent', dataType: 'numeric' as const }],
    ['text as truth values', { key: 'solvent', dataType: 'boolean' as const }],
    ['names as structures', { key: 'temperature', dataType: 'molecular' as const }],
    ['a molecule that is a number', { key: 'temperature', type: 'molecule' as const }],
    ['a target that is text', { key: 'solvent', role: 'target' as const }],
    [
      'a target that is a parameter',
      { key: 'temperature', role: 'target' as const, type: 'parameter' as const },
    ],
    ['a property as input', { key: 'temperature', role: 'input' as const, type: 'property' as const }],
    ['a unit of words', { key: 'solvent', unit: 'kg' }],
    ['bounds of words', { key: 'solvent', bounds: { lower: 0, upper: 1 } }],
    ['bounds the wrong way round', { key: 'temperature', bounds: { lower: 50, upper: 0 } }],
    ['bounds narrower than the data', { key: 'temperature', bounds: { lower: 15, upper: 50 } }],
  ])('%s is refused with the column', (_, override) => {
    expect(refusal(() => type(columns, [override]))).toMatchObject({
      code: 'VARIABLE_CONFLICT',
      location: { column: override.key },
    });
  });

  test('two columns of groups are refused, but the inferred one steps back', () => {
    expect(
      refusal(() =>
        type(columns, [
          { key: 'solvent', role: 'group' },
          { key: 'temperature', role: 'group' },
        ]),
      ),
    ).toMatchObject({ code: 'VARIABLE_CONFLICT', location: { column: 'temperature' } });
    const cells = {
      batch: repeat(12, (i) => String(i >> 2)),
      mix: repeat(12, (i) => `M${i % 3}`),
      strength: repeat(12, (i) => String(i * i)),
    };
    expect(variable(type(cells), 'batch').role).toBe('group');
    const table = type(cells, [{ key: 'mix', role: 'group' }]);
    expect(table.variables.map(({ role }) => role)).toEqual(['identifier', 'group', 'target']);
  });

  test('a column that does not exist is refused, and the columns are named', () => {
    const error = refusal(() => type(columns, [{ key: 'strength', role: 'target' }]));
    expect(error).toMatchObject({ code: 'COLUMN_UNKNOWN', location: { column: 'strength' } });
    expect(error.message).toContain('"strength_MPa"');
  });
});

test('the same bytes give the same table', async () => {
  const bytes = new TextEncoder().encode('name,x,y\na,1,2\nb,3,4\na,5,NA\n');
  const options = {
    fileName: '',
    limits: defaultReadLimits,
    inflateRaw: (b: Uint8Array, max: number) => inflateRawSync(b, { maxOutputLength: max }),
  };
  expect(typeTable(await readTable(bytes, options), [])).toEqual(
    typeTable(await readTable(bytes, options), []),
  );
});
