import type { Criterion, Objective } from '@athanor/schema';
import { EngineError } from '../engineError.ts';

/** An objective with everything filled in from the data. */
export interface ResolvedObjective {
  readonly key: string;
  readonly goal: Objective['goal'];
  /** What `match` comes near. */
  readonly value: number;
  /** Where the criterion is met, ends included; null without one. */
  readonly intervals: readonly (readonly [number, number])[] | null;
  readonly isRequired: boolean;
  readonly weight: number;
  /** Gain is 0 at `low` and 1 at `high`; high < low when less is better. For `match` high - low is the scale alone. */
  readonly low: number;
  readonly high: number;
}

/** Share of the range seen that still counts as the same value. */
const toleranceShare = 0.05;

/**
 * Fills in an objective: gain is measured between the middle and the best of what was seen.
 *
 * @param observed values of the target seen [n], n >= 1
 * @throws EngineError with code OPTION_INVALID
 */
export function resolveObjective(
  objective: Objective,
  observed: Float64Array,
  field: string,
): ResolvedObjective {
  const sorted = observed.slice().sort();
  const least = sorted[0]!;
  const most = sorted.at(-1)!;
  const median = sorted[sorted.length >> 1]!;
  const range = most - least || Math.abs(most) || 1;
  const tolerance = objective.tolerance ?? toleranceShare * range;
  const { goal, criterion } = objective;
  if (goal === 'match' && objective.value === undefined)
    throw new EngineError('OPTION_INVALID', `${objective.target} is to match a value that is not given`, {
      field,
    });
  if (goal === 'meet' && criterion === undefined)
    throw new EngineError('OPTION_INVALID', `${objective.target} has no criterion to meet`, { field });
  const floor = 0.1 * range;
  const ends = {
    maximize: [Math.min(median, most - floor), most],
    minimize: [Math.max(median, least + floor), least],
    match: [0, range],
    meet: [0, range],
  } as const;
  const [low, high] = ends[goal];
  return {
    key: objective.target,
    goal,
    value: objective.value ?? 0,
    intervals: criterion === undefined ? null : intervalsOf(criterion, tolerance, field),
    isRequired: objective.isRequired ?? true,
    weight: objective.weight ?? 1,
    low,
    high,
  };
}

function intervalsOf(
  criterion: Criterion,
  tolerance: number,
  field: string,
): readonly (readonly [number, number])[] {
  switch (criterion.operator) {
    case 'eq':
      return [[criterion.value - tolerance, criterion.value + tolerance]];
    case 'gt':
    case 'gte':
      return [[criterion.value, Infinity]];
    case 'lt':
    case 'lte':
      return [[-Infinity, criterion.value]];
    case 'between':
      return [[criterion.value.min, criterion.value.max]];
    case 'in-set': {
      const numbers = criterion.value.filter((value) => typeof value === 'number').sort((a, b) => a - b);
      if (numbers.length < criterion.value.length)
        throw new EngineError('OPTION_INVALID', 'a target is a number and cannot be one of texts', { field });
      const merged: [number, number][] = [];
      for (const value of numbers) {
        const last = merged.at(-1);
        if (last !== undefined && value - tolerance <= last[1]) last[1] = value + tolerance;
        else merged.push([value - tolerance, value + tolerance]);
      }
      return merged;
    }
  }
}

/** How good a value is: 0 for the middle of what was seen, 1 for the best, without limit beyond. */
export function gainOf({ goal, value, low, high }: ResolvedObjective, y: number): number {
  if (goal === 'match') return 1 - Math.abs(y - value) / (high - low);
  return (y - low) / (high - low);
}

/** Whether a value meets the criterion. */
export function meetsCriterion({ intervals }: ResolvedObjective, y: number): boolean {
  return intervals === null || intervals.some(([low, high]) => y >= low && y <= high);
}

/** Share of the objective in the joint probability of all: 1 when required, less when only wished for. */
export function exponentOf({ isRequired, weight }: ResolvedObjective): number {
  return isRequired ? 1 : weight / (1 + weight);
}
