import { ProblemError } from '@athanor/schema';
import { parseRecordId } from '../store/recordId.ts';

/** Records of one page of a list. The public client sends no limit of its own. */
export const pageSize = 100;

/** @throws ProblemError FIELD_INVALID for a key that no page has given. */
export function pageKey(kind: Parameters<typeof parseRecordId>[0], startKey: string): number {
  const number = parseRecordId(kind, startKey);
  if (number === null) {
    throw ProblemError.of('FIELD_INVALID', 'query/startKey must be the lastKey of the page before', {
      field: 'query/startKey',
      value: startKey,
    });
  }
  return number;
}
