import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { type CellValue, type InputRow } from '@athanor/schema';
import { dataDirectory } from '../dataDirectory.ts';
import { describeSession } from '../describeSession.ts';
import { followBuild } from '../followBuild.ts';
import { formatDuration } from '../formatDuration.ts';
import { formatNumber } from '../formatNumber.ts';
import { findRunningServer } from '../connection.ts';
import { startDetachedServer } from '../startDetachedServer.ts';
import { terminalWidth } from '../terminalWidth.ts';
import { uploadTable } from '../uploadTable.ts';
import { wholeNumber } from '../wholeNumber.ts';
import { wrapText } from '../wrapText.ts';

const example = new URL('../../../../examples/concrete.csv', import.meta.url).pathname;
const target = 'Compressive strength (MPa)';

interface DemoOptions {
  data?: string;
  port: number;
}

export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('build models of the example table and leave the server running')
    .option('--data <directory>', 'data directory of the demo')
    .option('--port <number>', 'port of the server', wholeNumber(0, 65_535), 3500)
    .action(runDemo);
}

async function runDemo(options: DemoOptions): Promise<void> {
  const width = terminalWidth(process.stdout);
  const begin = performance.now();
  const directory =
    options.data === undefined ? join(process.cwd(), '.athanor') : dataDirectory(options.data);
  const running = await findRunningServer(directory);
  const server = running === null ? await startDetachedServer(directory, options.port) : null;
  const client = running ?? server!.client;
  console.log(`Server: ${client.url}${running === null ? '' : ' (was already running)'}`);

  const name = basename(example);
  const dataset = await uploadTable(client, name, await readFile(example));
  console.log(
    `Table:  ${name}, ${dataset.rowCount} rows, ${dataset.columnCount} columns: 1030 concrete samples, strength after some days\n`,
  );
  const session = await client.call('createModelSession', {
    body: {
      name: 'Concrete strength',
      category: 'albertModel',
      datasetId: dataset.albertId,
      target: [target],
    },
  });
  console.log(`Building session ${session.id} for "${target}"`);
  await followBuild(client, session.id, { isQuiet: false, onInterrupt: 'The build goes on at the server.' });
  const built = await client.call('getModelSession', { params: { sessionId: session.id } });
  console.log(`\n${describeSession(built, width)}`);
  console.log(`\n${formatDuration((performance.now() - begin) / 1000)} from start to leaderboard.\n`);

  const row = await middleRow(client, dataset.albertId);
  const reply = await client.call('predictWithSession', {
    params: { sessionId: session.id },
    body: { rows: [row] },
  });
  const prediction = reply.targets[0]!.predictions[0]!;
  console.log('One prediction, for a mix with');
  for (const [key, value] of Object.entries(row)) console.log(`  ${key.padEnd(28)} ${String(value)}`);
  const { lower, upper, level } = prediction.interval;
  console.log(
    `${wrapText(
      `${target}: ${formatNumber(prediction.mean)}, and a new sample lies between ${formatNumber(lower)} and ` +
        `${formatNumber(upper)} with ${Math.round(level * 100)} % probability.`,
      width,
    )}\n`,
  );
  const link = await client.call('createSignInLink', {});
  console.log(`Look at it in your browser (the link signs in once): ${link.url}`);
  console.log(`The server stays at ${client.url}  (API reference: ${client.url}/docs)`);
  console.log('What to make next: on the page under Design, or');
  console.log(`  npx athanor suggest examples/concrete.csv --maximize "Compressive strength (MPa)"`);
  console.log(`Your own table:  npx athanor build table.csv --target <column> --data ${directory}`);
  console.log(`Stop the server: npx athanor stop --data ${directory}`);
}

/** The inputs of a row from the middle of the table: a mix somebody really made. */
async function middleRow(
  client: Awaited<ReturnType<typeof startDetachedServer>>['client'],
  datasetId: string,
): Promise<InputRow> {
  const params = { datasetId };
  const { variables } = await client.call('listVariables', { params });
  const inputs = new Set(variables.filter(({ role }) => role === 'input').map(({ key }) => key));
  const { columns, rows } = await client.call('listRows', { params, query: { offset: 515, limit: 1 } });
  const cells: [string, CellValue][] = columns.map((key, j) => [key, rows[0]![j]!]);
  return Object.fromEntries(cells.filter(([key]) => inputs.has(key)));
}
