import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import type { InputRow, PredictReply } from '@athanor/schema';
import type { Client } from '@athanor/schema/client';
import { readInputRows } from '@athanor/server';
import { openConnection } from '../connection.ts';
import { formatNumber } from '../formatNumber.ts';
import { formatTable } from '../formatTable.ts';
import { recordId } from '../recordId.ts';
import { terminalWidth } from '../terminalWidth.ts';
import { wrapText } from '../wrapText.ts';
import { addConnectionOptions } from './commonOptions.ts';

interface PredictOptions {
  target?: string[];
  level: number;
  output?: string;
  json?: boolean;
  url?: string;
  token?: string;
  data?: string;
}

export function addPredictCommand(program: Command): void {
  const command = program
    .command('predict')
    .description('predict the rows of a table')
    .argument('<model>', 'model (MDL3), or session (MDS1) for its default model')
    .argument('<rows>', 'CSV, .xlsx or Parquet file with the input columns; other columns are left alone')
    .option('--target <column...>', 'targets to predict (default: all)')
    .option('--level <share>', 'share of new measurements the interval should cover', parseLevel, 0.9)
    .option('--output <file>', 'write the predictions as CSV to this file')
    .option('--json', 'print as JSON');
  addConnectionOptions(command).action(predict);
}

async function predict(id: string, path: string, options: PredictOptions): Promise<void> {
  const model = recordId(id, ['MDS', 'MDL']);
  const bytes = await readFile(path);
  const connection = await openConnection(options);
  try {
    const { client } = connection;
    const rows = await readInputRows(bytes, basename(path), await listInputs(client, model));
    const body = {
      rows,
      level: options.level,
      ...(options.target === undefined ? {} : { targets: options.target }),
    };
    const reply = model.startsWith('MDS')
      ? await client.call('predictWithSession', { params: { sessionId: model }, body })
      : await client.call('predictWithModel', { params: { modelId: model }, body });
    if (options.output !== undefined) {
      await writeFile(options.output, toCsv(rows, reply));
      console.log(`Wrote ${rows.length} predictions of ${reply.model.name} to ${options.output}.`);
    } else if (options.json === true) {
      console.log(JSON.stringify(reply));
    } else {
      console.log(describe(reply));
    }
    if (options.json !== true) for (const warning of reply.warnings) console.error(`  ! ${warning.message}`);
  } finally {
    await connection.close();
  }
}

/** The variables of the dataset a model was built from: they say how a cell such as `5` is meant. */
async function listInputs(client: Client, model: string) {
  const datasetId = model.startsWith('MDS')
    ? (await client.call('getModelSession', { params: { sessionId: model } })).datasetId
    : (await client.call('findModel', { params: { modelId: model } })).datasetId;
  if (datasetId === undefined) return [];
  const { variables } = await client.call('listVariables', { params: { datasetId } });
  return variables.filter(({ role }) => role === 'input');
}

function describe(reply: PredictReply): string {
  const width = terminalWidth(process.stdout);
  const parts = reply.targets.map(({ target, predictions }) => {
    const level = predictions[0]?.interval.level ?? 0.9;
    const table = formatTable(
      [
        { title: 'row', align: 'right' },
        { title: 'prediction', align: 'right' },
        { title: '±', align: 'right' },
        { title: `${Math.round(level * 1000) / 10} % interval`, align: 'right' },
        { title: 'known ground', align: 'right' },
        { title: 'nearest', align: 'right' },
      ],
      predictions.map(({ mean, standardDeviation, interval, applicability }, i) => [
        String(i + 1),
        formatNumber(mean, 4),
        formatNumber(standardDeviation, 3),
        `${formatNumber(interval.lower, 4)} … ${formatNumber(interval.upper, 4)}`,
        applicability.score === null ? '–' : `${Math.round(100 * applicability.score)} %`,
        `row ${applicability.nearest.row}`,
      ]),
    );
    const remarks = predictions.flatMap(({ applicability: { reasons } }, i) =>
      reasons.length === 0 ? [] : [wrapText(`  row ${i + 1}: ${reasons.join('; ')}`, width, '    ')],
    );
    return [`${target}, by ${reply.model.name}`, table, ...remarks].join('\n');
  });
  return parts.join('\n\n');
}

function toCsv(rows: readonly InputRow[], reply: PredictReply): string {
  const inputs = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const header = [
    ...inputs,
    ...reply.targets.flatMap(({ target }) => [
      `${target} mean`,
      `${target} sd`,
      `${target} lower`,
      `${target} upper`,
    ]),
  ];
  const lines = rows.map((row, i) => [
    ...inputs.map((key) => row[key] ?? ''),
    ...reply.targets.flatMap(({ predictions }) => {
      const { mean, standardDeviation, interval } = predictions[i]!;
      return [mean, standardDeviation, interval.lower, interval.upper];
    }),
  ]);
  return `${[header, ...lines].map((cells) => cells.map(toCsvCell).join(',')).join('\n')}\n`;
}

/** RFC 4180 quoting; text that a spreadsheet would run as a formula gets an apostrophe in front. */
function toCsvCell(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  const safe =
    /^[\s\u00a0]*[=+\-@\t\r\n]/.test(value) && !Number.isFinite(Number(value)) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function parseLevel(text: string): number {
  const level = Number(text);
  if (!(level >= 0.01 && level <= 0.999))
    throw new InvalidArgumentError('A level is a share between 0.01 and 0.999.');
  return level;
}
