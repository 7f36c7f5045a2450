import type { Command } from 'commander';
import { SessionMetrics, type ModelSession } from '@athanor/schema';
import { openConnection } from '../connection.ts';
import { formatTable } from '../formatTable.ts';
import { addConnectionOptions } from './commonOptions.ts';

interface SessionsOptions {
  json?: boolean;
  url?: string;
  token?: string;
  data?: string;
}

export function addSessionsCommand(program: Command): void {
  const command = program
    .command('sessions')
    .description('list model sessions, newest first')
    .option('--json', 'print as JSON');
  addConnectionOptions(command).action(listSessions);
}

async function listSessions(options: SessionsOptions): Promise<void> {
  const connection = await openConnection(options);
  try {
    const sessions: ModelSession[] = [];
    let startKey: string | undefined;
    do {
      const page = await connection.client.call('listModelSessions', { query: { startKey } });
      sessions.push(...page.Items);
      startKey = page.lastKey;
    } while (startKey !== undefined);
    if (options.json === true) {
      console.log(JSON.stringify(sessions));
    } else if (sessions.length === 0) {
      console.log('No sessions yet. Build one: athanor build table.csv --target <column>');
    } else {
      console.log(
        formatTable(
          [
            { title: 'session' },
            { title: 'state' },
            { title: 'default model' },
            { title: 'R²', align: 'right' },
            { title: 'made' },
            { title: 'name' },
          ],
          sessions.map(describeLine),
        ),
      );
    }
  } finally {
    await connection.close();
  }
}

function describeLine(session: ModelSession): string[] {
  const metrics = SessionMetrics.safeParse(session.Registry?.Metrics);
  const scores = metrics.success
    ? metrics.data.targets.map((target) => target.leaderboard.find(({ isDefault }) => isDefault)?.metrics.r2)
    : [];
  return [
    session.id,
    session.state,
    session.defaultModel ?? '–',
    scores.map((r2) => (r2 === undefined ? '–' : r2.toFixed(2))).join(' '),
    session.Created.at.slice(0, 16).replace('T', ' '),
    session.name,
  ];
}
