import type { Database } from '../database.ts';

export const blobReferences = {
  /** Does any record name this blob? */
  async exists(database: Database, hash: string): Promise<boolean> {
    const found = await database
      .selectFrom('file')
      .select('id as found')
      .where('hash', '=', hash)
      .unionAll(database.selectFrom('dataset').select('id as found').where('dataHash', '=', hash))
      .unionAll(database.selectFrom('datasetVersion').select('version as found').where('dataHash', '=', hash))
      .unionAll(database.selectFrom('model').select('id as found').where('artifactHash', '=', hash))
      .unionAll(database.selectFrom('smartDataset').select('id as found').where('matrixHash', '=', hash))
      .unionAll(database.selectFrom('buildTask').select('buildId as found').where('resultHash', '=', hash))
      .unionAll(
        database
          .selectFrom('build')
          .select('id as found')
          .where(({ or, eb }) =>
            or([eb('dataHash', '=', hash), eb('tableHash', '=', hash), eb('planHash', '=', hash)]),
          ),
      )
      .limit(1)
      .execute();
    return found.length > 0;
  },

  /** Every blob that some record names, each once. */
  async list(database: Database): Promise<string[]> {
    const rows = await database
      .selectFrom('file')
      .select(({ ref }) => ref('hash').$castTo<string | null>().as('hash'))
      .union(database.selectFrom('dataset').select('dataHash as hash'))
      .union(database.selectFrom('datasetVersion').select('dataHash as hash'))
      .union(database.selectFrom('model').select('artifactHash as hash'))
      .union(database.selectFrom('smartDataset').select('matrixHash as hash'))
      .union(database.selectFrom('buildTask').select('resultHash as hash'))
      .union(database.selectFrom('build').select('dataHash as hash'))
      .union(database.selectFrom('build').select('tableHash as hash'))
      .union(database.selectFrom('build').select('planHash as hash'))
      .execute();
    return rows.map((row) => row.hash).filter((hash) => hash !== null);
  },
};
