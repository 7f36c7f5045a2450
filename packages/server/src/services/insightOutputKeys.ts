import { type CandidateFormat, candidateFormats } from '@athanor/schema';
import { formatId } from '../store/recordId.ts';

/** Names of an insight's results among the tenant's files, by kind of file. */
export function insightOutputKeys(id: number): Readonly<Record<CandidateFormat, string>> {
  const keys = candidateFormats.map((format) => [
    format,
    `insights/${formatId('insight', id)}/result.${format}`,
  ]);
  return Object.fromEntries(keys) as Record<CandidateFormat, string>;
}

/** All names that results of an insight have, or had in former versions. */
export function allInsightOutputKeys(id: number): string[] {
  return [...Object.values(insightOutputKeys(id)), `insights/${formatId('insight', id)}/result`];
}
