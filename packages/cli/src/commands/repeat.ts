import type { Command } from 'commander';
import { BuildLog, type ModelSession } from '@athanor/schema';
import { openConnection } from '../connection.ts';
import { recordId } from '../recordId.ts';
import { followBuild } from '../followBuild.ts';
import { addConnectionOptions } from './commonOptions.ts';

interface RepeatOptions {
  url?: string;
  token?: string;
  data?: string;
}

export function addRepeatCommand(program: Command): void {
  const command = program
    .command('repeat')
    .description('build a session again from its log and say whether the models are the same to the byte')
    .argument('<session>', 'id such as MDS1');
  addConnectionOptions(command).action(repeat);
}

async function repeat(id: string, options: RepeatOptions): Promise<void> {
  const wanted = recordId(id, ['MDS']);
  const connection = await openConnection(options);
  try {
    const { client } = connection;
    const read = (sessionId: string): Promise<ModelSession> =>
      client.call('getModelSession', { params: { sessionId } });
    const first = await read(wanted);
    const { id: sessionId } = await client.call('repeatModelSession', { params: { sessionId: first.id } });
    console.log(`Repeating ${first.id} as ${sessionId}`);
    await followBuild(client, sessionId, { isQuiet: false, onInterrupt: 'The build stops here.' });
    const other = differences(first, await read(sessionId));
    console.log(
      other.length === 0
        ? `Every model is the same to the byte.`
        : `Not the same to the byte: ${other.join(', ')}.`,
    );
    if (other.length > 0) process.exitCode = 1;
  } finally {
    await connection.close();
  }
}

/** Models whose artifacts differ, or that only the first session has. */
function differences(first: ModelSession, second: ModelSession): string[] {
  const [before, after] = [first, second].map(({ Registry }) => {
    const log = BuildLog.safeParse(Registry?.BuildLogs);
    return log.success ? log.data.artifacts : [];
  });
  return before!
    .filter(({ model, sha256 }) => !after!.some((one) => one.model === model && one.sha256 === sha256))
    .map(({ model }) => model);
}
