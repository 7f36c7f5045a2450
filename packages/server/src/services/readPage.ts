import { ProblemError } from '@athanor/schema';
import { formatId, parseRecordId } from '../store/recordId.ts';

/** Records of one page of a list. The public client sends no limit of its own. */
export const pageSize = 100;

/** Where a page begins and how many records are asked for. */
export interface PageWindow {
  /** Number of the last record of the page before; 0 for the first page. */
  readonly from: number;
  readonly limit: number;
}

/**
 * One page of a list: records, and the key of the next page unless this is the last one.
 *
 * @param read one record more than belongs to the page tells whether there is another page
 * @throws ProblemError FIELD_INVALID for a key that no page has given.
 */
export async function readPage<Row extends { readonly id: number }, Item>(
  kind: Parameters<typeof formatId>[0],
  startKey: string | undefined,
  read: (window: PageWindow) => Promise<readonly Row[]>,
  toItem: (row: Row) => Item,
): Promise<{ Items: Item[]; lastKey?: string }> {
  const from = startKey === undefined ? 0 : parseRecordId(kind, startKey);
  if (from === null) {
    throw ProblemError.of('FIELD_INVALID', 'query/startKey must be the lastKey of the page before', {
      field: 'query/startKey',
      value: startKey!,
    });
  }
  const rows = await read({ from, limit: pageSize + 1 });
  const page = rows.slice(0, pageSize);
  return {
    Items: page.map(toItem),
    ...(rows.length > pageSize ? { lastKey: formatId(kind, page.at(-1)!.id) } : {}),
  };
}
