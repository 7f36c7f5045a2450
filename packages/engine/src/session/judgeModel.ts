import type { Warning } from '@athanor/schema';
import { hasFiniteScores } from '../selection/hasFiniteScores.ts';
import type { HeldOutFold } from '../selection/heldOutFold.ts';
import { scoreOutOfFold } from '../selection/scoreOutOfFold.ts';
import type { TargetPlan } from './buildPlan.ts';
import { fitParts, foldRows } from './foldRows.ts';
import type { PartResult, TaskResult } from './taskResult.ts';
import type { Verdict } from './verdict.ts';

type FullResult = Extract<PartResult, { readonly part: { type: 'full' } }>;

/**
 * Puts the parts of one model on one target together; a sentence instead when something is missing.
 *
 * @param y of the target's rows [n]
 * @param found results of the model's tasks, in any order; undefined for one without a result
 */
export function judgeModel(
  target: TargetPlan,
  y: Float64Array,
  found: readonly (TaskResult | undefined)[],
): Verdict | string {
  const failure = found.find((result) => result?.failure)?.failure;
  if (failure) return failure.message;
  const done = found.flatMap((result) => result?.parts ?? []);
  // In the order of the plan, whatever order they came in.
  const parts = fitParts(target).map((part) => done.find((one) => isSamePart(one.part, part)));
  if (parts.includes(undefined)) return 'one of its fits did not finish';
  const present = parts as PartResult[];
  const folds = present.flatMap((result): HeldOutFold[] => {
    if (!('posterior' in result)) return [];
    const { part, posterior } = result;
    return [{ repeat: part.repeat, rows: foldRows(target, part).heldOut, posterior }];
  });
  const scores = scoreOutOfFold(folds, y);
  if (!hasFiniteScores(scores)) return 'its scores are not finite numbers';
  const { fitted, widestSd } = present.find((result): result is FullResult => 'fitted' in result)!;
  return {
    fitted,
    widestSd: widestSd * scores.calibration.scale,
    folds,
    scores,
    fitSeconds: present.reduce((sum, { seconds }) => sum + seconds, 0),
    warnings: mergeWarnings(present.flatMap(({ warnings }) => warnings)),
    weights: null,
  };
}

function isSamePart(a: PartResult['part'], b: PartResult['part']): boolean {
  if (a.type === 'full' || b.type === 'full') return a.type === b.type;
  return a.repeat === b.repeat && a.fold === b.fold;
}

/** The same complaint from several folds is one complaint. */
function mergeWarnings(warnings: readonly Warning[]): Warning[] {
  const byKind = new Map<string, Warning>();
  for (const warning of warnings) {
    const kind = JSON.stringify([warning.code, warning.column]);
    if (!byKind.has(kind)) byKind.set(kind, warning);
  }
  return [...byKind.values()];
}
