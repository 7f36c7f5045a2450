import type { Applicability, DesignMode } from '@athanor/schema';
import type { Inputs } from '../models/inputs.ts';
import { applicabilityJudge } from './applicabilityJudge.ts';

/** From so many rows on, the distances that 95 % of them keep are not those of all. */
const leastRows = 20;

/**
 * Tells where candidates lie to the measured rows, for a batch of which a part rests on them. Null for a batch that rests
 * on models alone, because of its mode or because so few rows support nothing.
 */
export function supportJudge(
  measured: Inputs,
  mode: DesignMode,
): ((candidates: Inputs) => Applicability['class'][]) | null {
  if ((mode !== 'balanced' && mode !== 'exploit') || measured.rowCount < leastRows) return null;
  const judge = applicabilityJudge(measured);
  return (candidates) => judge(candidates).map((one) => one.class);
}
