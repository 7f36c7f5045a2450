import type { DesignMode } from '@athanor/schema';
import type { Inputs } from '../models/inputs.ts';
import { applicabilityJudge } from './applicabilityJudge.ts';

/** From so many rows on, the distances that 95 % of them keep are not those of all. */
const leastRows = 20;

/**
 * Tells how well the measured rows support candidates (the score of applicability), for a batch of which a part rests on
 * them; null for one that rests on models alone, because of its mode or because so few rows support nothing.
 */
export function supportJudge(measured: Inputs, mode: DesignMode): ((candidates: Inputs) => number[]) | null {
  if ((mode !== 'balanced' && mode !== 'exploit') || measured.rowCount < leastRows) return null;
  const judge = applicabilityJudge(measured);
  return (candidates) => judge(candidates).map(({ score }) => score);
}
