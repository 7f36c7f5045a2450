import type { Applicability, DesignMode } from '@athanor/schema';
import type { Inputs } from '../models/inputs.ts';
import { outsideScore } from '../selection/applicability.ts';
import { applicabilityJudge } from './applicabilityJudge.ts';

/** From so many rows on, the distances that 95 % of them keep are not those of all. */
const leastRows = 20;

/**
 * Tells where candidates lie to the measured rows, for a batch of which a part rests on them: `inside` when they are no
 * farther than usual, with the full score, since the best of all others lie at the very limit. Null for a batch that rests
 * on models alone, because of its mode or because so few rows support nothing.
 */
export function supportJudge(
  measured: Inputs,
  mode: DesignMode,
): ((candidates: Inputs) => Applicability['class'][]) | null {
  if ((mode !== 'balanced' && mode !== 'exploit') || measured.rowCount < leastRows) return null;
  const judge = applicabilityJudge(measured);
  return (candidates) =>
    judge(candidates).map(({ score }) =>
      score === 1 ? 'inside' : score >= outsideScore ? 'edge' : 'outside',
    );
}
