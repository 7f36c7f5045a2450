import { formatId } from '../store/recordId.ts';

/** Name of an insight's result among the tenant's files. */
export function insightOutputKey(id: number): string {
  return `insights/${formatId('insight', id)}/result`;
}
