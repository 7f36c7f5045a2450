import type { Database } from '../database.ts';

/** Tokens that were ended before their time; kept until that time. */
export const endedTokens = {
  async has(database: Database, tokenId: string): Promise<boolean> {
    const row = await database
      .selectFrom('endedToken')
      .select('tokenId')
      .where('tokenId', '=', tokenId)
      .executeTakeFirst();
    return row !== undefined;
  },

  async insert(database: Database, tokenId: string, expiresAt: number): Promise<void> {
    await database
      .insertInto('endedToken')
      .values({ tokenId, expiresAt })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  },

  /** Forgets tokens that have expired by themselves. */
  async forget(database: Database, now: number): Promise<void> {
    await database.deleteFrom('endedToken').where('expiresAt', '<', now).execute();
  },
};
