import type { Applicability, DesignMode } from '@athanor/schema';
import type { Inputs } from '../models/inputs.ts';
import type { ApplicabilityJudge } from './applicabilityJudge.ts';

/** From so many rows on, the distances that 95 % of them keep are not those of all. */
const leastRows = 20;

/**
 * Tells where candidates lie to the measured rows, for a batch of which a part rests on them. Null for a batch that rests
 * on models alone, because of its mode or because so few rows support nothing.
 *
 * @param judge of the measured rows
 * @param rowCount of the measured rows
 */
export function supportJudge(
  judge: ApplicabilityJudge,
  rowCount: number,
  mode: DesignMode,
): ((candidates: Inputs) => Applicability['class'][]) | null {
  if ((mode !== 'balanced' && mode !== 'exploit') || rowCount < leastRows) return null;
  return (candidates) => judge(candidates).map((one) => one.class);
}
