import { candidateFormats, comparedFile } from '@athanor/schema';
import { formatId } from '../store/recordId.ts';

/** Name of a file of an insight's results among the tenant's files. */
export function insightOutputKey(id: number, file: string): string {
  return `insights/${formatId('insight', id)}/${file}`;
}

/** All names that results of an insight have, or had in former versions. */
export function allInsightOutputKeys(id: number): string[] {
  const files = [...candidateFormats.map((format) => `result.${format}`), comparedFile, 'result'];
  return files.map((file) => insightOutputKey(id, file));
}
