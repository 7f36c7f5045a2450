import type { Candidate, InputRow, PredictReply } from '@athanor/schema';
import { leastTrusted } from '../explore/leastTrusted.ts';

/**
 * A proposal with other inputs: what the models of the session say of them takes the place of what was said, and what was
 * only true of the old inputs goes.
 *
 * @param reply predictions of this one row; null where there are no models
 */
export function changeCandidate(
  candidate: Candidate,
  inputs: InputRow,
  reply: PredictReply | null,
): Candidate {
  const judged = leastTrusted(reply ?? undefined);
  return {
    ...candidate,
    inputs,
    predictions: candidate.predictions.map((one) => {
      const fresh = reply?.targets.find(({ target }) => target === one.target)?.predictions[0];
      if (fresh === undefined) return one;
      const { applicability: _, ...prediction } = fresh;
      return { target: one.target, prediction, probability: null };
    }),
    probabilityOfAll: null,
    probabilityOfAllIndependent: null,
    score: null,
    shareOfImprovement: null,
    applicability:
      judged === undefined || judged.class === 'unknown' || judged.score === null
        ? null
        : { score: judged.score, class: judged.class, reasons: judged.reasons },
    nearest: judged === undefined ? null : { ...judged.nearest, differences: [] },
    cost: null,
    slack: [],
  };
}
