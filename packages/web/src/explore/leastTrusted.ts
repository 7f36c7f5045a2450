import type { ApplicabilityJudgement, PredictReply } from '@athanor/schema';

/** From the least that can be said for a prediction to the most. */
const order: readonly ApplicabilityJudgement['class'][] = ['outside', 'edge', 'unknown', 'inside'];

/** Of the first row of a reply, what is said of the target that can be trusted least. */
export function leastTrusted(reply: PredictReply | undefined): ApplicabilityJudgement | undefined {
  const all = reply?.targets.flatMap(({ predictions }) => predictions[0]?.applicability ?? []) ?? [];
  return all.toSorted((a, b) => order.indexOf(a.class) - order.indexOf(b.class))[0];
}
