import type { IdentifierKind } from '@athanor/schema';
import type { Database } from '../store/database.ts';
import { parseRecordId } from '../store/recordId.ts';
import type { Caller } from './caller.ts';
import { notFound } from './notFound.ts';

/**
 * What finds a record of the caller's tenant by the id that a request names. It throws RECORD_NOT_FOUND, the same for
 * unknown, malformed and foreign ids.
 *
 * @param find of the record's repository
 * @param usualField where requests name it unless they are said to name it elsewhere
 */
export function recordFinder<Row>(
  kind: IdentifierKind,
  find: (database: Database, tenantId: number, id: number) => Promise<Row | undefined>,
  usualField: string,
) {
  const word = kind.replace(/[A-Z]/, (letter) => ` ${letter.toLowerCase()}`);
  return async (
    database: Database,
    { tenantId }: Pick<Caller, 'tenantId'>,
    text: string,
    field = usualField,
  ): Promise<Row> => {
    const id = parseRecordId(kind, text);
    const row = id === null ? undefined : await find(database, tenantId, id);
    if (row === undefined) throw notFound(word, field);
    return row;
  };
}
