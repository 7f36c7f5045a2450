import { z } from 'zod';

const ranks = z.array(z.int());

/**
 * What people made of proposals: ranks that are wanted, that are not wanted, and that were changed by hand. It is kept
 * in `Metadata.review` of the insight, for everybody who opens it.
 */
export const CandidateReview = z.object({ pinned: ranks, excluded: ranks, edited: ranks });
export type CandidateReview = z.infer<typeof CandidateReview>;

/** The review in the metadata of an insight; an empty one where there is none. */
export function readReview(metadata: Readonly<Record<string, unknown>> | undefined): CandidateReview {
  const parsed = CandidateReview.safeParse(metadata?.['review']);
  return parsed.success ? parsed.data : { pinned: [], excluded: [], edited: [] };
}

/** A rank wanted, not wanted, or neither; it is never both. */
export function markCandidate(
  review: CandidateReview,
  rank: number,
  mark: 'pinned' | 'excluded' | null,
): CandidateReview {
  const without = (list: readonly number[]): number[] => list.filter((one) => one !== rank);
  const marked = (name: 'pinned' | 'excluded'): number[] =>
    mark === name ? [...without(review[name]), rank].sort((a, b) => a - b) : without(review[name]);
  return { ...review, pinned: marked('pinned'), excluded: marked('excluded') };
}
