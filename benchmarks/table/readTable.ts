/**
 * How fast tables are read, and what the checks cost beside the bare libraries: a CSV of 400,000 cells against papaparse, a
 * Parquet file against hyparquet, and a workbook of 20,000 x 20 cells, of which unpacking alone is printed. Each figure is the
 * best of several runs, reader and peer in turn. Prints a table and, last, one line of JSON.
 *
 * `npm run bench:table`
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import Papa from 'papaparse';
import { defaultReadLimits, profileTable, readTable, typeTable, type ReadOptions } from '@athanor/engine';
import { buildXlsx, type CellSpec } from '../../packages/engine/src/table/testing/buildXlsx.ts';

const runs = 7;
const rowCount = 20_000;
const columnCount = 20;

const options: ReadOptions = {
  fileName: 'bench',
  limits: defaultReadLimits,
  inflateRaw: (bytes, max) => inflateRawSync(bytes, { maxOutputLength: max }),
};

/** A number that looks measured, the same in every run. */
function cell(row: number, column: number): number {
  const noise = Math.abs(Math.sin(12.9898 * row + 78.233 * column) * 43_758.5453) % 1;
  return column % 3 === 0 ? Math.round(noise * 1000) / 10 : noise * 100;
}

const headers = Array.from({ length: columnCount }, (_, column) => `column ${column + 1} (MPa)`);
const solvents = ['water', 'ethanol', 'acetone', 'toluene'];

function makeCsv(): Uint8Array {
  const lines = [headers.join(',')];
  for (let row = 0; row < rowCount; row++) {
    const cells = headers.map((_, column) =>
      column === 19 ? solvents[row % 4]! : String(cell(row, column)),
    );
    lines.push(cells.join(','));
  }
  return new TextEncoder().encode(lines.join('\n'));
}

function makeWorkbook(): { bytes: Uint8Array; sheet: Uint8Array } {
  const strings = [...headers, ...solvents];
  const shared = (index: number): CellSpec => ({ xml: `<c r="ADDRESS" t="s"><v>${index}</v></c>` });
  const rows: CellSpec[][] = [headers.map((_, i) => shared(i))];
  for (let row = 0; row < rowCount; row++) {
    rows.push(
      headers.map((_, column): CellSpec => {
        if (column === 19) return shared(headers.length + (row % 4));
        return column === 18 ? { value: 45_000 + (row % 300), style: 1 } : cell(row, column);
      }),
    );
  }
  let sheet = new Uint8Array();
  const bytes = buildXlsx({
    sheets: [{ name: 'Data', rows }],
    sharedStrings: `<sst>${strings.map((text) => `<si><t>${text}</t></si>`).join('')}</sst>`,
    deflate: (part) => {
      const packed = new Uint8Array(deflateRawSync(part));
      if (packed.length > sheet.length) sheet = packed;
      return packed;
    },
  });
  return { bytes, sheet };
}

function makeParquet(): ArrayBuffer {
  const columnData = headers.map((name, column) =>
    column === 19
      ? {
          name,
          data: Array.from({ length: rowCount }, (_, row) => solvents[row % 4]!),
          type: 'STRING' as const,
        }
      : {
          name,
          data: Array.from({ length: rowCount }, (_, row) => cell(row, column)),
          type: 'DOUBLE' as const,
        },
  );
  return parquetWriteBuffer({ columnData });
}

/** Best time of each action in seconds, taken in turn. */
async function race(actions: Record<string, () => unknown>): Promise<Record<string, number>> {
  const best = Object.fromEntries(Object.keys(actions).map((name) => [name, Infinity]));
  for (let run = 0; run < runs; run++) {
    for (const [name, action] of Object.entries(actions)) {
      const start = performance.now();
      await action();
      best[name] = Math.min(best[name]!, (performance.now() - start) / 1000);
    }
  }
  return best;
}

const csv = makeCsv();
const csvText = new TextDecoder().decode(csv);
const workbook = makeWorkbook();
const parquet = makeParquet();
const parquetBytes = new Uint8Array(parquet);
const raw = await readTable(csv, options);
const table = typeTable(raw, []);

const csvTimes = await race({
  own: () => readTable(csv, options),
  peer: () => Papa.parse(csvText, { delimiter: ',', newline: '\n' }),
});
const workbookTimes = await race({
  own: () => readTable(workbook.bytes, options),
  unpacking: () => inflateRawSync(workbook.sheet),
});
const parquetTimes = await race({
  own: () => readTable(parquetBytes, options),
  peer: () => parquetReadObjects({ file: parquet }),
});
const laterTimes = await race({ type: () => typeTable(raw, []), profile: () => profileTable(table) });

const seconds = (value: number) => `${value.toFixed(3)} s`;
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
console.log(`${rowCount} rows, ${columnCount} columns, best of ${runs}`);
console.log(
  `CSV      ${megabytes(csv.length)}  read ${seconds(csvTimes['own']!)}  papaparse alone ${seconds(csvTimes['peer']!)}`,
);
console.log(
  `XLSX     ${megabytes(workbook.bytes.length)}  read ${seconds(workbookTimes['own']!)}  unpacking alone ${seconds(workbookTimes['unpacking']!)}`,
);
console.log(
  `Parquet  ${megabytes(parquetBytes.length)}  read ${seconds(parquetTimes['own']!)}  hyparquet alone ${seconds(parquetTimes['peer']!)}`,
);
console.log(`then     types ${seconds(laterTimes['type']!)}  profile ${seconds(laterTimes['profile']!)}`);
const round = (value: number) => Number(value.toFixed(4));
console.log(
  JSON.stringify({
    bench: 'table',
    figures: {
      csvSeconds: round(csvTimes['own']!),
      csvToPapaparse: round(csvTimes['own']! / csvTimes['peer']!),
      xlsxSeconds: round(workbookTimes['own']!),
      xlsxToUnpacking: round(workbookTimes['own']! / workbookTimes['unpacking']!),
      parquetSeconds: round(parquetTimes['own']!),
      parquetToHyparquet: round(parquetTimes['own']! / parquetTimes['peer']!),
      typeSeconds: round(laterTimes['type']!),
      profileSeconds: round(laterTimes['profile']!),
    },
  }),
);
