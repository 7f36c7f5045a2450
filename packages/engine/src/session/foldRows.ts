import type { FitPart, TargetPlan } from './buildPlan.ts';

/** Rows of one fit, as positions among the target's rows. */
export interface FoldRows {
  readonly training: Int32Array;
  /** Empty for the fit on all rows. */
  readonly heldOut: Int32Array;
}

/** Which rows a part of the plan learns from and which it predicts. */
export function foldRows(target: TargetPlan, part: FitPart): FoldRows {
  const positions = Int32Array.from(target.rows.keys());
  if (part.type === 'full') return { training: positions, heldOut: new Int32Array(0) };
  const folds = target.repeats[part.repeat]!;
  return {
    training: positions.filter((i) => folds[i] !== part.fold),
    heldOut: positions.filter((i) => folds[i] === part.fold),
  };
}

/** All fits of a model on this target: on all rows first, then each fold of each repeat. */
export function fitParts(target: TargetPlan): FitPart[] {
  const parts: FitPart[] = [{ type: 'full' }];
  target.repeats.forEach((folds, repeat) => {
    const count = folds.reduce((most, fold) => Math.max(most, fold + 1), 0);
    for (let fold = 0; fold < count; fold++) parts.push({ type: 'fold', repeat, fold });
  });
  return parts;
}
