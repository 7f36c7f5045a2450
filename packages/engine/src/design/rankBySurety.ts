import type { Candidate } from '@athanor/schema';

/** The batch with what is sure in front and what lies outside the data at the end; otherwise as it was chosen. */
export function rankBySurety(candidates: readonly Candidate[]): Candidate[] {
  const doubt = ({ reason, applicability }: Candidate): number =>
    applicability?.class === 'outside' ? 2 : reason === 'exploit' ? 0 : 1;
  return candidates.toSorted((a, b) => doubt(a) - doubt(b)).map((one, i) => ({ ...one, rank: i + 1 }));
}
