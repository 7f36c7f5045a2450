import { sql } from 'kysely';
import type { Database } from '../database.ts';

/** The jobs of one group: what is done for one build, insight or smart dataset. */
export interface JobGroup {
  readonly group: string;
  readonly queuedAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly waiting: number;
  readonly running: number;
  /** Of its last job that ended badly. */
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
}

export const jobs = {
  /** What runs, then what waits in its order, then what ended last. */
  async listGroups(database: Database, tenantId: number, limit: number): Promise<JobGroup[]> {
    return database
      .selectFrom('job')
      .select(({ fn }) => [
        'groupKey as group',
        fn.min('queuedAt').as('queuedAt'),
        fn.min('startedAt').as('startedAt'),
        fn.max('endedAt').as('endedAt'),
        sql<number>`sum(state = 'queued')`.as('waiting'),
        sql<number>`sum(state = 'running')`.as('running'),
        sql<string | null>`max(case when state = 'failed' then errorCode end)`.as('errorCode'),
        sql<string | null>`max(case when state = 'failed' then errorMessage end)`.as('errorMessage'),
      ])
      .where('tenantId', '=', tenantId)
      .groupBy('groupKey')
      .orderBy(sql`sum(state = 'running') > 0`, 'desc')
      .orderBy(sql`sum(state = 'queued') > 0`, 'desc')
      .orderBy(sql`max(id)`, 'desc')
      .limit(limit)
      .execute();
  },
};
