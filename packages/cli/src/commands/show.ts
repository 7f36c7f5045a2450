import type { Command } from 'commander';
import { BuildLog } from '@athanor/schema';
import { openConnection } from '../connection.ts';
import { describeSession } from '../describeSession.ts';
import { formatTable } from '../formatTable.ts';
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
  const connection = await openConnection(options);
  try {
    const sessionId = id.toUpperCase();
    const session = await connection.client.call('getModelSession', { params: { sessionId } });
    const { Items: models } = await connection.client.call('listModels', { params: { sessionId } });
    if (options.json === true) {
      console.log(JSON.stringify({ session, models }));
      return;
    }
    console.log(describeSession(session));
    console.log(
      `\n${formatTable(
        [
          { title: 'id' },
          { title: 'model' },
          { title: 'state' },
          { title: 'time', align: 'right' },
          { title: 'artifact' },
        ],
        models.map((model) => [
          model.id,
          model.name,
          model.state ?? '–',
          model.totalTime ?? '–',
          model.modelBinaryKey ?? '–',
        ]),
      )}`,
    );
    if (options.log === true) {
      const log = BuildLog.safeParse(session.Registry?.BuildLogs);
      const lines = log.success
        ? log.data.lines.map((line) => `${line.at}  ${line.stage}  ${line.message}`)
        : ['No log.'];
      console.log(`\n${lines.join('\n')}`);
    }
  } finally {
    await connection.close();
  }
}
