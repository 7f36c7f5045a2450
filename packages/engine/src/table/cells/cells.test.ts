import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBooleans } from './booleans.ts';
import { looksLikeDate, looksLikeExcelDate, readClock, readDates } from './dates.ts';
import { isMissingWord } from './missingWords.ts';
import { numberForm, plainCharacters, readNumberForm } from './numberForm.ts';
import { parseNumber, type NumberNotation } from './numberNotation.ts';
import { readQuantity } from './quantity.ts';

describe('the form of a number', () => {
  test.each([
    ['1', 0],
    ['-1', 0],
    ['+5', 0],
    ['1e5', 0],
    ['1E-05', 0],
    ['.5', numberForm.decimalPoint],
    ['5.', numberForm.decimalPoint],
    ['1.5', numberForm.decimalPoint],
    ['0.125', numberForm.decimalPoint],
    ['1.234e3', numberForm.decimalPoint],
    ['1.234', numberForm.openPoint],
    ['1,234', numberForm.openComma],
    ['1234.567', numberForm.decimalPoint],
    ['1,5', numberForm.decimalComma],
    ['0,123', numberForm.decimalComma],
    ['1,234,567', numberForm.groupComma],
    ['1.234.567', numberForm.groupPoint],
    ['1.234,5', numberForm.groupPoint | numberForm.decimalComma],
    ['1,234.5', numberForm.groupComma | numberForm.decimalPoint],
    ['12 345', numberForm.groupSpace],
    ["1'234'567.89", numberForm.groupApostrophe | numberForm.decimalPoint],
    ['1_000', numberForm.groupUnderscore],
  ])('%s is a number', (text, bits) => {
    expect(readNumberForm(text)).toBe(bits | numberForm.number);
  });

  test.each([
    '',
    '-',
    '.',
    ',',
    'e5',
    '1e',
    '1e+',
    '--1',
    '1-2',
    '0x10',
    '1.2.3',
    '1,2,3',
    '1.234.56',
    '12 34',
    '1__000',
    '1.5.5',
    '1,234,56',
    '1 2',
    '1..2',
    '1.,2',
    '１',
    'NaN',
    'Infinity',
    '1e5.5',
    '1,234.567,8',
    ' 1',
  ])('%j is none', (text) => {
    expect(readNumberForm(text)).toBe(0);
  });

  test('every number that JavaScript writes is one, and comes back exactly', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseNumber(String(value), { decimalMark: '.', thousandsMark: null })).toBe(
          value + 0 === 0 ? Number(String(value)) : value,
        );
      }),
    );
  });

  test('numbers written for one country are read for that country', () => {
    const notations: [string, NumberNotation][] = [
      ['en-US', { decimalMark: '.', thousandsMark: ',' }],
      ['de-DE', { decimalMark: ',', thousandsMark: '.' }],
      ['fr-FR', { decimalMark: ',', thousandsMark: ' ' }],
      ['de-CH', { decimalMark: '.', thousandsMark: "'" }],
    ];
    fc.assert(
      fc.property(
        fc.double({ min: -1e12, max: 1e12, noNaN: true }),
        fc.constantFrom(...notations),
        (value, [locale, notation]) => {
          const rounded = Number(value.toFixed(4));
          const text = plainCharacters(rounded.toLocaleString(locale, { maximumFractionDigits: 4 }));
          expect(parseNumber(text, notation)! - rounded).toBe(0);
        },
      ),
    );
  });

  test.each([
    ['\u22125', '-5'],
    ['\u00a05\u00a0', '5'],
    ['１２．５', '12.5'],
    ['1\u202f234', '1 234'],
    [' +5 ', '+5'],
  ])('%j is written plainly as %j', (text, plain) => {
    expect(plainCharacters(text)).toBe(plain);
  });
});

describe('cells that hold more than a number', () => {
  test.each([
    ['<0.1', { kind: 'censored', number: '0.1' }],
    ['≥ 100', { kind: 'censored', number: '100' }],
    ['> 5 %', { kind: 'censored', number: '5' }],
    ['~5', { kind: 'approximate', number: '5' }],
    ['ca. 1,5', { kind: 'approximate', number: '1,5' }],
    ['1.2±0.3', { kind: 'uncertain', number: '1.2' }],
    ['1.2 +/- 0.3', { kind: 'uncertain', number: '1.2' }],
    ['1.23(4)', { kind: 'uncertain', number: '1.23' }],
    ['12 mg', { kind: 'withUnit', number: '12', unit: 'mg' }],
    ['5 %', { kind: 'withUnit', number: '5', unit: '%' }],
    ['25°C', { kind: 'withUnit', number: '25', unit: '°C' }],
    ['1.2×10^3', { kind: 'number', number: '1.2e3' }],
    ['1,5 x 10⁻³', { kind: 'number', number: '1,5e-3' }],
    ['inf', { kind: 'infinite' }],
    ['-∞', { kind: 'infinite' }],
  ])('%s', (text, quantity) => {
    expect(readQuantity(plainCharacters(text))).toEqual(quantity);
  });

  test.each([
    '316L',
    '2A',
    '6061-T6',
    'P1-L3',
    'abc',
    '5-10',
    '1 or 2',
    '<',
    '~',
    '± 5',
    '12 foo',
    '1.2.2020',
    '<LOD',
    'C18',
  ])('%s is a word', (text) => {
    expect(readQuantity(text)).toBeNull();
  });
});

describe('dates', () => {
  const days = (...texts: string[]) => readDates(texts);

  test('ISO dates, with and without time and zone, become days since 1970', () => {
    expect(days('1970-01-02', '2025-03-04T12:00:00')).toMatchObject({
      kind: 'days',
      order: 'ISO',
      days: Float64Array.of(1, 20151.5),
    });
    expect(days('2025-03-04T00:00:00Z', '2025-03-04T02:00:00+02:00')).toMatchObject({
      days: Float64Array.of(20151, 20151),
    });
  });

  test('named months and dotted dates say their order', () => {
    expect(days('4 March 2025', 'Mar 4, 2025', '04-Mar-2025', '4.3.2025')).toMatchObject({
      days: Float64Array.of(20151, 20151, 20151, 20151),
    });
    expect(days('4. März 2025', '24. Dez 2024')).toMatchObject({ kind: 'days' });
  });

  test('a part above 12 decides for the whole column', () => {
    expect(days('03/04/2025', '13/04/2025')).toMatchObject({
      order: 'day first',
      days: Float64Array.of(20181, 20191),
    });
    expect(days('03/04/2025', '03/13/2025')).toMatchObject({
      order: 'month first',
      days: Float64Array.of(20151, 20160),
    });
  });

  test.each([
    [['03/04/2025', '05/06/2025'], 0],
    [['13/04/2025', '04/13/2025'], 1],
    [['2025-01-01', '03.04.25'], 1],
    [['2025-01-01T10:00:00Z', '2025-01-01T10:00:00'], 1],
  ])('%j is refused', (texts, index) => {
    expect(readDates(texts)).toMatchObject({ kind: 'open', index });
  });

  test.each(['1900-02-29', '2025-02-30', '31.04.2025', '2025-13-01'])('%s is no day', (text) => {
    expect(readDates([text])).toEqual({ kind: 'impossible', index: 0 });
  });

  test('the days of JavaScript come back', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0100-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          const text = date.toISOString().slice(0, 19);
          const reading = readDates([text]);
          expect(
            reading.kind === 'days' &&
              Math.abs(reading.days[0]! * 86_400_000 - Math.floor(date.getTime() / 1000) * 1000),
          ).toBeLessThan(60);
        },
      ),
    );
  });

  test.each(['1-Mar', 'Mar-01', '2-Sep', '1. Mrz', 'Sep 2'])(
    '%s is what Excel makes of something else',
    (text) => {
      expect(looksLikeExcelDate(text)).toBe(true);
    },
  );

  test.each(['1-2', '12.5', '1-foo', 'May', '2025-03-04', 'Mar-kers'])('%s is not', (text) => {
    expect(looksLikeExcelDate(text)).toBe(false);
  });

  test('times of three parts are hours, of two they are not read', () => {
    expect(readClock('1:30:00')).toBe(1.5);
    expect(readClock('36:00:36')).toBe(36.01);
    expect(readClock('1:30')).toBeUndefined();
    expect(readClock('1:75:00')).toBeUndefined();
  });

  test.each(['1.2.3', '10-20-30-40', '2025', '1/2', '12345-67-8'])('%s is no date', (text) => {
    expect(looksLikeDate(text)).toBe(false);
  });
});

describe('words', () => {
  test('missing words depend on their neighbours', () => {
    for (const word of ['NA', 'N/A', 'null', 'None', 'nan', '-', '?', '.', 'n.d.', 'na', 'nd'])
      expect(isMissingWord(word, true), word).toBe(true);
    for (const word of ['NA', 'N/A', 'null', 'nan', '-', '?', '.', 'n.d.'])
      expect(isMissingWord(word, false), word).toBe(true);
    // Sodium, neodymium, and an answer.
    for (const word of ['Na', 'Nd', 'none', 'None', 'nb'])
      expect(isMissingWord(word, false), word).toBe(false);
  });

  test('truth values are read in several languages, digits only beside words', () => {
    expect(readBooleans(['TRUE', 'yes', '1', 'ja', 'no'])).toEqual(
      new Map([
        ['TRUE', true],
        ['yes', true],
        ['1', true],
        ['ja', true],
        ['no', false],
      ]),
    );
    expect(readBooleans(['Y', 'N'])).toEqual(
      new Map([
        ['Y', true],
        ['N', false],
      ]),
    );
    expect(readBooleans(['No'])).toEqual(new Map([['No', false]]));
    for (const levels of [['0', '1'], ['Y'], ['N', 'C'], ['yes', 'maybe'], ['Si', 'C'], []])
      expect(readBooleans(levels)).toBeNull();
  });
});

test('baits for slow patterns are read in linear time', () => {
  const baits = [
    (n: number) => ' '.repeat(n),
    (n: number) => '1'.repeat(n) + '!',
    (n: number) => '('.repeat(n),
    (n: number) => '1,'.repeat(n / 2),
    (n: number) => "1'".repeat(n / 2) + 'x',
    (n: number) => '<'.repeat(n),
    (n: number) => `1${' '.repeat(n)}x`,
    (n: number) => '1/'.repeat(n / 2),
    (n: number) => 'a'.repeat(n),
    (n: number) => '\u00a0'.repeat(n) + 'x',
  ];
  const work = (text: string) => {
    const plain = plainCharacters(text);
    readNumberForm(plain);
    readQuantity(plain);
    looksLikeDate(plain);
    looksLikeExcelDate(plain);
    readClock(plain);
    isMissingWord(plain, true);
  };
  const time = (text: string) => {
    let best = Infinity;
    for (let i = 0; i < 5; i++) {
      const start = performance.now();
      work(text);
      best = Math.min(best, performance.now() - start);
    }
    return best;
  };
  for (const bait of baits) {
    // Ten times the length may take ten times as long; a square would take a hundred times. Below 1 ms the clock says nothing.
    const [short, long] = [time(bait(30_000)), time(bait(300_000))];
    expect(long, bait(10)).toBeLessThan(Math.max(1, short) * 40);
  }
});
