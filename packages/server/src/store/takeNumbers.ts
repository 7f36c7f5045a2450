import type { IdentifierKind } from '@athanor/schema';
import type { Database } from './database.ts';

export type CounterKind =
  | IdentifierKind
  | 'file'
  | 'build'
  | 'job'
  | 'tenant'
  | 'audit'
  | `project:${number}`;

/**
 * Takes the next `count` numbers of a kind and gives the first of them. Numbers grow and are never given out
 * again, also not after the record is deleted.
 */
export async function takeNumbers(database: Database, kind: CounterKind, count = 1): Promise<number> {
  const { last } = await database
    .insertInto('counter')
    .values({ kind, last: count })
    .onConflict((conflict) =>
      conflict.column('kind').doUpdateSet((row) => ({ last: row('counter.last', '+', count) })),
    )
    .returning('last')
    .executeTakeFirstOrThrow();
  return last - count + 1;
}
