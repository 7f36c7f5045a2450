import { inflateRawSync } from 'node:zlib';
import { defaultReadLimits, readTable, type RawCell } from '@athanor/engine';
import { candidateFormats, type DesignPayload } from '@athanor/schema';
import { describe, expect, test } from 'vitest';
import { candidateFile } from './candidateFile.ts';
import { writeXlsx } from './writeXlsx.ts';

const prediction = (mean: number) => ({
  mean,
  standardDeviation: 2.25,
  modelStandardDeviation: 1.5,
  interval: { lower: mean - 3.7, upper: mean + 3.7, level: 0.9 },
});
const candidate = (rank: number, solvent: string, amount: number): DesignPayload['candidates'][number] => ({
  rank,
  inputs: { solvent, 'resin "A", fine': amount, rank: 7 },
  predictions: [{ target: 'strength', prediction: prediction(40 + rank), probability: null }],
  probabilityOfAll: null,
  probabilityOfAllIndependent: null,
  score: 0.5,
  shareOfImprovement: 0.5,
  reason: 'exploit',
  applicability: null,
  nearest: null,
  cost: null,
  slack: [],
});
const payload: DesignPayload = {
  version: 1,
  method: 'generate',
  seed: 1,
  mode: 'balanced',
  space: {
    variables: [
      { kind: 'category', key: 'solvent', levels: ['water', '=HYPERLINK("http://x")', '-OH\u0001 & <b>'] },
      { kind: 'amount', key: 'resin "A", fine', lower: 0, upper: 80, step: 0.1 },
      { kind: 'discrete', key: 'rank', values: [7] },
    ],
    constraints: [],
  },
  objectives: [{ target: 'strength', goal: 'maximize' }],
  generated: 3,
  candidates: [
    candidate(1, 'water', 0.1),
    candidate(2, '=HYPERLINK("http://x")', 62.3),
    candidate(3, '-OH\u0001 & <b>', 1e-7),
  ],
  figures: {},
  warnings: [],
};

const read = (bytes: Uint8Array) =>
  readTable(bytes, {
    fileName: 'candidates',
    limits: defaultReadLimits,
    inflateRaw: (packed, maxOutputLength) => inflateRawSync(packed, { maxOutputLength }),
  });

describe.each(candidateFormats)('candidates as %s', (format) => {
  test('say the same when they are read back', async () => {
    const { bytes } = candidateFile(payload, format);
    const { columns, rowCount } = await read(bytes);
    expect(rowCount).toBe(3);
    const cells = new Map(columns.map(({ header, cells: own }) => [header, own]));
    expect([...cells.keys()].slice(0, 5)).toEqual([
      'rank',
      'solvent',
      'resin "A", fine',
      'rank 2',
      'strength mean',
    ]);
    const numbers = (key: string): number[] => cells.get(key)!.map((cell: RawCell) => Number(cell));
    expect(numbers('rank')).toEqual([1, 2, 3]);
    expect(numbers('resin "A", fine')).toEqual([0.1, 62.3, 1e-7]);
    expect(numbers('strength mean')).toEqual([41, 42, 43]);
    expect(cells.get('solvent')![0]).toBe('water');
  });

  test('are the same bytes every time', () => {
    expect(candidateFile(payload, format).bytes).toEqual(candidateFile(payload, format).bytes);
  });
});

describe('text that a spreadsheet would run', () => {
  test('has an apostrophe in front in CSV', () => {
    const text = new TextDecoder().decode(candidateFile(payload, 'csv').bytes);
    expect(text).toContain(`"'=HYPERLINK(""http://x"")"`);
    expect(text).toContain(`'-OH`);
  });

  test('is text in a workbook, with its value as it was, and no cell is a formula', async () => {
    const { bytes } = candidateFile(payload, 'xlsx');
    const { columns } = await read(bytes);
    expect(columns[1]!.cells).toEqual(['water', '=HYPERLINK("http://x")', '-OH\ufffd & <b>']);
    const parts = new TextDecoder('latin1').decode(bytes);
    expect(parts.startsWith('PK')).toBe(true);
  });
});

test('a workbook has columns beyond Z', async () => {
  const header = Array.from({ length: 800 }, (_, j) => `x${j}`);
  const { columns } = await read(writeXlsx({ header, rows: [header.map((_, j) => j)] }, 'wide'));
  expect(columns.map(({ cells }) => cells[0])).toEqual(header.map((_, j) => j));
});
