import type { Command } from 'commander';
import { BuildLog } from '@athanor/schema';
import { openConnection } from '../connection.ts';
import { describeSession } from '../describeSession.ts';
import { formatTable } from '../formatTable.ts';
import { recordId } from '../recordId.ts';
import { terminalWidth } from '../terminalWidth.ts';
import { wrapText } from '../wrapText.ts';
import { addConnectionOptions } from './commonOptions.ts';

interface ShowOptions {
  json?: boolean;
  log?: boolean;
  url?: string;
  token?: string;
  data?: string;
}

export function addShowCommand(program: Command): void {
  const command = program
    .command('show')
    .description('show a session: leaderboard, models, log')
    .argument('<session>', 'id such as MDS1')
    .option('--log', 'print the log of the build as well')
    .option('--json', 'print as JSON');
  addConnectionOptions(command).action(show);
}

async function show(id: string, options: ShowOptions): Promise<void> {
  const sessionId = recordId(id, ['MDS']);
  const connection = await openConnection(options);
  try {
    const session = await connection.client.call('getModelSession', { params: { sessionId } });
    const { Items: models } = await connection.client.call('listModels', { params: { sessionId } });
    if (options.json === true) {
      console.log(JSON.stringify({ session, models }));
      return;
    }
    const width = terminalWidth(process.stdout);
    console.log(describeSession(session, width));
    console.log(
      `\n${formatTable(
        [{ title: 'id' }, { title: 'model' }, { title: 'state' }, { title: 'ready after', align: 'right' }],
        models.map((model) => [model.id, model.name, model.state ?? '–', model.totalTime ?? '–']),
      )}`,
    );
    if (options.log === true) {
      const log = BuildLog.safeParse(session.Registry?.BuildLogs);
      const lines = log.success
        ? log.data.lines.map(({ at, stage, message }) =>
            wrapText(`${at.slice(0, 19)}Z  ${stage.padEnd(9)}  ${message}`, width, ' '.repeat(33)),
          )
        : ['No log.'];
      console.log(`\n${lines.join('\n')}`);
    }
  } finally {
    await connection.close();
  }
}
