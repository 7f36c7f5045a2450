import { deflateRawSync, gzipSync, inflateRawSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../engineError.ts';
import { profileTable } from './profileTable.ts';
import { defaultReadLimits, type ReadOptions } from './readOptions.ts';
import { readTable } from './readTable.ts';
import { buildXlsx } from './testing/buildXlsx.ts';
import { buildZip } from './testing/buildZip.ts';
import { typeTable } from './typeTable.ts';

const options: ReadOptions = {
  fileName: 'measurements.csv',
  limits: defaultReadLimits,
  inflateRaw: (bytes, max) => inflateRawSync(bytes, { maxOutputLength: max }),
};
const utf8 = (text: string) => new TextEncoder().encode(text);
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

async function refusal(bytes: Uint8Array): Promise<EngineError> {
  const error = await readTable(bytes, options).then(
    () => new Error('was not refused'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EngineError);
  return error as EngineError;
}

describe('what a file is', () => {
  test('is told by its bytes and not by its name', async () => {
    const workbook = buildXlsx({ sheets: [{ name: 'Data', rows: [['a'], [1]] }] });
    expect((await readTable(workbook, options)).format.kind).toBe('xlsx');
    expect((await readTable(utf8('a,b\n1,2\n'), { ...options, fileName: 'table.xlsx' })).format.kind).toBe(
      'csv',
    );
  });

  test.each([
    ['a PDF', '%PDF-1.7\n', 'PDF'],
    ['a PNG', '\x89PNG\r\n\x1a\n', 'PNG'],
    ['a JPEG', '\xff\xd8\xff\xe0', 'JPEG'],
    ['a web page', '<!DOCTYPE html><html><table><tr><td>1</td></tr></table>', 'HTML'],
    ['a web page with a mark', '\xef\xbb\xbf<html>', 'HTML'],
    ['XML', '<?xml version="1.0"?><Workbook/>', 'XML'],
    ['JSON', '{"a": [1, 2]}', 'JSON'],
    ['a list in JSON', '[{"a": 1}]', 'JSON'],
    [
      'an old workbook',
      `\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1${'\0'.repeat(600)}W\0o\0r\0k\0b\0o\0o\0k\0`,
      '.xls',
    ],
    ['HDF5', '\x89HDF\r\n\x1a\n', 'HDF5'],
    ['a pickle', '\x80\x04\x95', 'pickle'],
    ['a program', '\x7fELF', 'program'],
  ])('%s is named and refused', async (_, text, word) => {
    const error = await refusal(latin1(text));
    expect(error).toMatchObject({ code: 'FILE_KIND_UNSUPPORTED', location: { file: 'measurements.csv' } });
    expect(error.message).toContain(word);
  });

  test('a gzip archive is named, also a broken one', async () => {
    expect((await refusal(gzipSync('a,b\n1,2\n'))).message).toContain('gzip');
    expect((await refusal(gzipSync('a,b\n1,2\n').subarray(0, 12))).message).toContain('gzip');
  });

  test('a workbook with a password is told from an old one', async () => {
    const name = [...'EncryptedPackage'].map((letter) => `${letter}\0`).join('');
    const error = await refusal(latin1(`\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1${'\0'.repeat(1000)}${name}\0\0`));
    expect(error.code).toBe('FILE_ENCRYPTED');
    expect(error.fix).toContain('without a password');
  });

  test.each([
    ['a Word document', 'word/document.xml', 'Word'],
    ['a presentation', 'ppt/presentation.xml', 'PowerPoint'],
    ['a binary workbook', 'xl/workbook.bin', '.xlsb'],
  ])('%s is named and refused', async (_, main, word) => {
    const relations = `<Relationships><Relationship Id="r" Type="x/officeDocument" Target="${main}"/></Relationships>`;
    const bytes = buildZip([
      { name: '_rels/.rels', bytes: utf8(relations) },
      { name: main, bytes: utf8('<x/>') },
    ]);
    const error = await refusal(bytes);
    expect(error.code).toBe('FILE_KIND_UNSUPPORTED');
    expect(error.message).toContain(word);
  });

  test('an OpenDocument sheet and an archive of something else are named', async () => {
    const sheet = buildZip([
      { name: 'mimetype', bytes: utf8('application/vnd.oasis.opendocument.spreadsheet') },
    ]);
    expect((await refusal(sheet)).message).toContain('OpenDocument');
    expect((await refusal(buildZip([{ name: 'table.csv', bytes: utf8('a\n1\n') }]))).message).toContain(
      'zip archive',
    );
    expect((await refusal(buildZip([]))).code).toBe('FILE_KIND_UNSUPPORTED');
  });

  test('a file without bytes is empty', async () => {
    expect((await refusal(new Uint8Array())).code).toBe('FILE_EMPTY');
  });
});

describe('any bytes', () => {
  /** Reads, types and profiles; anything but success or a refusal is a bug. */
  async function survive(bytes: Uint8Array): Promise<void> {
    try {
      const profile = profileTable(typeTable(await readTable(bytes, options), []));
      expect(JSON.stringify(profile)).not.toMatch(/:(?:NaN|Infinity)/);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      expect(error.message.length).toBeLessThan(2000);
      expect(error.location.value?.length ?? 0).toBeLessThanOrEqual(100);
      expect(error.message).not.toMatch(/undefined|NaN|\[object/);
    }
  }

  test('are a table or refused', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), survive), { numRuns: 500 });
  });

  test('any text is a table or refused', async () => {
    const pieces = fc.constantFrom(
      'a',
      'x',
      '1',
      '2.5',
      '1,5',
      '1.234',
      '-3',
      'NA',
      '<0.1',
      '12 mg',
      '5 %',
      '±',
      '1-Mar',
      '2025-03-04',
      '03/04/2025',
      'CCO',
      'c1ccccc1',
      'yes',
      'no',
      'inf',
      '1e400',
      '"',
      '""',
      ',',
      ';',
      '\t',
      '\n',
      '\r\n',
      '\r',
      ' ',
      '\ufeff',
      '\0',
      '💧',
      '−',
      'Total',
      '(',
      ')',
      '[kg/m3]',
      '%',
      '_',
      '__proto__',
    );
    const text = fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(text, (one) => survive(utf8(one))),
      { numRuns: 1500 },
    );
  });

  test('any cells under any headers are a table or refused', async () => {
    const cell = fc.constantFrom(
      '',
      '1',
      '2',
      '3.5',
      '1,5',
      'NA',
      'a',
      'b',
      'yes',
      'no',
      '2025-03-04',
      'CCO',
      'CCN',
      '<1',
      '-999',
      '7 g',
      'inf',
      '1.234',
      '1e308',
      '-1e308',
      '1e-320',
    );
    const header = fc.constantFrom(
      'x',
      'y',
      'Cement (kg/m3)',
      'strength_MPa',
      'id',
      'batch',
      'smiles',
      'date',
      'n_replicates',
      'y_std',
      'Fe',
      'phase',
      'SiO2 wt%',
      'comment',
    );
    const table = fc.uniqueArray(header, { minLength: 1, maxLength: 6 }).chain((headers) =>
      fc
        .array(fc.array(cell, { minLength: headers.length, maxLength: headers.length }), {
          minLength: 1,
          maxLength: 30,
        })
        .map((rows) => [headers, ...rows].map((row) => row.map((one) => `"${one}"`).join(';')).join('\n')),
    );
    await fc.assert(
      fc.asyncProperty(table, (one) => survive(utf8(one))),
      { numRuns: 800 },
    );
  });

  test('a workbook with bytes changed, cut out or repeated is a table or refused', async () => {
    const deflate = (bytes: Uint8Array) => new Uint8Array(deflateRawSync(bytes));
    const rows = [
      ['name', 'x (g)', 'y'],
      ['a', 1, 2.5],
      ['b', 2, null],
      ['c', 3, { value: 45_000, style: 1 }],
    ];
    const stored = buildXlsx({ sheets: [{ name: 'Data', rows, merges: ['A2:A3'] }] });
    const packed = buildXlsx({ sheets: [{ name: 'Data', rows }], deflate, isZip64: true });
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      byte: fc.integer({ min: 0, max: 255 }),
      kind: fc.constantFrom('set', 'cut', 'copy'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(stored, packed),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        async (file, changes) => {
          let bytes: Uint8Array = file.slice();
          for (const { at, byte, kind } of changes) {
            const index = Math.floor(at * (bytes.length - 1));
            if (kind === 'set') bytes[index] = byte;
            else if (kind === 'copy') bytes.copyWithin(index, byte, 2 * byte);
            else bytes = bytes.slice(0, Math.max(8, index));
          }
          await survive(bytes);
        },
      ),
      { numRuns: 600 },
    );
  });

  test('the XML of a sheet may hold anything', async () => {
    const pieces = fc.constantFrom(
      '<row>',
      '<row r="2">',
      '</row>',
      '<c>',
      '<c r="B2" t="s">',
      '<c r="A1" s="1">',
      '<c t="e">',
      '<c t="inlineStr">',
      '</c>',
      '<v>',
      '</v>',
      '<v/>',
      '1',
      '-1e5',
      'abc',
      '<is>',
      '<t>',
      '</t>',
      '</is>',
      '<f>',
      '&amp;',
      '&#65;',
      '&#x110000;',
      '&bad;',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '<?x',
      '?>',
      '<',
      '>',
      '"',
      "'",
      '=',
      '/',
      '<mergeCell ref="A1:B2"/>',
      '<!DOCTYPE',
    );
    const xml = fc
      .array(pieces, { maxLength: 40 })
      .map((parts) => `<worksheet><sheetData>${parts.join('')}</sheetData></worksheet>`);
    await fc.assert(
      fc.asyncProperty(xml, (one) =>
        survive(
          buildXlsx({ sheets: [{ name: 'Data', xml: one }], sharedStrings: '<sst><si><t>s</t></si></sst>' }),
        ),
      ),
      { numRuns: 1000 },
    );
  });
});

describe('time is linear', () => {
  const time = async (bytes: Uint8Array) => {
    let best = Infinity;
    for (let i = 0; i < 3; i++) {
      const start = performance.now();
      await readTable(bytes, options)
        .then((raw) => typeTable(raw, []))
        .catch((error: unknown) => {
          if (!(error instanceof EngineError)) throw error;
        });
      best = Math.min(best, performance.now() - start);
    }
    return best;
  };

  test.each<[string, (n: number) => string]>([
    ['short rows', (n) => `a,b\n${'1,2\n'.repeat(n)}`],
    ['quoted rows', (n) => `a\tb\n${'"1"\t"2"\n'.repeat(n)}`],
    ['quoted single cells', (n) => `a\n${'"x"\n'.repeat(n)}`],
    ['doubled quotes', (n) => `a,b\n1,"${'""'.repeat(n)}"\n`],
    ['stray quotes', (n) => `a,b\n${'x"y,"z"\n'.repeat(n)}`],
    ['an open quote', (n) => `a,b\n"${'x,y\n'.repeat(n)}`],
    ['carriage returns', (n) => `a,b\r${'1,2\r\n3,4\r'.repeat(n)}`],
    ['blanks', (n) => `a,b\n${' '.repeat(n)},1\n`],
    ['different words', (n) => `a,b\n${Array.from({ length: n }, (_, i) => `w${i},${i}`).join('\n')}`],
    // A machine that is busy during one attempt only makes it longer; a square stays a square in all of them.
  ])('for %s', { retry: 4 }, async (_, text) => {
    const [short, long] = [await time(utf8(text(5000))), await time(utf8(text(50_000)))];
    // Ten times the text may take ten times as long, a square a hundred times; clocks of shared machines are rough.
    expect(long).toBeLessThan(Math.max(2, short) * 40);
  });
});
