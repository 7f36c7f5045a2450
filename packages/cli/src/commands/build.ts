import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Option, type Command } from 'commander';
import {
  foldQuestions,
  type BuildOptions,
  type DatasetProfile,
  type DatasetReadOptions,
  type FoldQuestion,
} from '@athanor/schema';
import type { Client } from '@athanor/schema/client';
import { openConnection } from '../connection.ts';
import { describePreflight } from '../describePreflight.ts';
import { describeSession } from '../describeSession.ts';
import { followBuild } from '../followBuild.ts';
import { resolveColumn } from '../resolveColumn.ts';
import { uploadTable } from '../uploadTable.ts';
import { terminalWidth } from '../terminalWidth.ts';
import { parseSeed } from '../wholeNumber.ts';
import { wrapText } from '../wrapText.ts';
import { addConnectionOptions } from './commonOptions.ts';

interface BuildCommandOptions {
  target: string[];
  group?: string;
  ignore: string[];
  question?: FoldQuestion;
  seed?: number;
  name?: string;
  sheet?: string;
  decimalMark?: '.' | ',';
  dryRun?: boolean;
  json?: boolean;
  url?: string;
  token?: string;
  data?: string;
}

export function addBuildCommand(program: Command): void {
  const command = program
    .command('build')
    .description('read a table and build a model session')
    .argument('<table>', 'CSV, .xlsx or Parquet file')
    .option('--target <column...>', 'measured property to model; part of its name is enough', [])
    .option('--group <column>', 'rows with equal values here stay together in cross-validation')
    .option('--ignore <column...>', 'columns to leave out', [])
    .addOption(new Option('--question <question>', 'what the score should tell').choices(foldQuestions))
    .option('--seed <number>', 'seed of all randomness', parseSeed)
    .option('--name <text>', 'name of the session (default: the name of the file)')
    .option('--sheet <name>', 'sheet of a workbook with several')
    .addOption(new Option('--decimal-mark <mark>', 'when the cells alone cannot tell').choices(['.', ',']))
    .option('--dry-run', 'only say what would be used, done and spent, and what looks wrong')
    .option('--json', 'print the finished session, or the answer of --dry-run, as JSON');
  addConnectionOptions(command).action(build);
}

async function build(path: string, options: BuildCommandOptions): Promise<void> {
  const bytes = await readFile(path);
  const connection = await openConnection(options);
  try {
    const { client } = connection;
    const say = options.json === true ? () => {} : (text: string) => console.log(text);
    const readOptions: DatasetReadOptions = {
      ...(options.sheet === undefined ? {} : { sheet: options.sheet }),
      ...(options.decimalMark === undefined ? {} : { decimalMark: options.decimalMark }),
    };
    const dataset = await uploadTable(client, basename(path), bytes, readOptions);
    if (options.dryRun === true) {
      await preflight(client, dataset.albertId, basename(path), options);
      return;
    }
    const sessionId = await createSession(client, dataset.albertId, basename(path), options, say);
    const state = await followBuild(client, sessionId, {
      isQuiet: options.json === true,
      onInterrupt: connection.isEmbedded
        ? 'The build stops here and goes on when a server next starts on this data directory.'
        : `The build goes on at the server; see it with: athanor show ${sessionId}`,
    });
    const session = await client.call('getModelSession', { params: { sessionId } });
    if (options.json === true) console.log(JSON.stringify(session));
    else
      console.log(
        `\n${describeSession(session, terminalWidth(process.stdout))}\n\nPredict with it: athanor predict ${sessionId} rows.csv`,
      );
    if (state !== 'Complete') process.exitCode = 1;
  } finally {
    await connection.close();
  }
}

async function createSession(
  client: Client,
  datasetId: string,
  fileName: string,
  options: BuildCommandOptions,
  say: (text: string) => void,
): Promise<string> {
  try {
    const { profile, target, buildOptions } = await readWishes(client, datasetId, options);
    say(describeTable(fileName, profile));
    const session = await client.call('createModelSession', {
      body: { name: options.name ?? fileName, category: 'albertModel', datasetId, target, buildOptions },
    });
    say(`\nBuilding session ${session.id}: ${target.join(', ')}`);
    return session.id;
  } catch (error) {
    // Without a session the dataset was only made for this call: leave nothing behind.
    await client.call('deleteDataset', { params: { datasetId } });
    throw error;
  }
}

/** Says what the build would be, and takes the dataset away again. */
async function preflight(
  client: Client,
  datasetId: string,
  fileName: string,
  options: BuildCommandOptions,
): Promise<void> {
  try {
    const { profile, target, buildOptions } = await readWishes(client, datasetId, options);
    const answer = await client.call('preflightBuild', { body: { datasetId, target, buildOptions } });
    if (options.json === true) console.log(JSON.stringify(answer));
    else
      console.log(
        `${sizeOf(fileName, profile)}\n${describePreflight(answer, terminalWidth(process.stdout))}`,
      );
  } finally {
    await client.call('deleteDataset', { params: { datasetId } });
  }
}

/** What the options say of this table, with columns by their keys. */
async function readWishes(
  client: Client,
  datasetId: string,
  options: BuildCommandOptions,
): Promise<{ profile: DatasetProfile; target: string[]; buildOptions: BuildOptions }> {
  const profile = await client.call('getDatasetProfile', { params: { datasetId } });
  const column = (text: string): string => resolveColumn(text, profile.variables);
  const guessed = profile.variables.filter(({ role }) => role === 'target').map(({ key }) => key);
  return {
    profile,
    target: options.target.length > 0 ? options.target.map(column) : guessed,
    buildOptions: {
      ignore: options.ignore.map(column),
      ...(options.group === undefined ? {} : { group: column(options.group) }),
      ...(options.question === undefined ? {} : { question: options.question }),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
    },
  };
}

function describeTable(fileName: string, profile: DatasetProfile): string {
  const words = {
    material_amount: 'amounts',
    parameter: 'parameters',
    molecule: 'molecules',
    property: 'properties',
  };
  const inputs = profile.variables.filter(({ role }) => role === 'input');
  const counts = Object.entries(words)
    .map(([type, word]) => ({ word, count: inputs.filter((variable) => variable.type === type).length }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${count} ${count === 1 ? word.replace(/ies$/, 'y').replace(/s$/, '') : word}`);
  const lines = [
    `${sizeOf(fileName, profile)} (inputs: ${counts.join(', ')})`,
    ...profile.warnings.map(({ message }) =>
      wrapText(`  ! ${message}`, terminalWidth(process.stdout), '    '),
    ),
  ];
  return lines.join('\n');
}

function sizeOf(fileName: string, { rowCount, columnCount }: DatasetProfile): string {
  return `${fileName}: ${rowCount} rows, ${columnCount} columns`;
}
