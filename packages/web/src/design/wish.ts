import type { Objective } from '@athanor/schema';
import { formatNumber } from '../numbers/formatNumber.ts';

export type Goal = Objective['goal'] | 'none';
export type Operator = 'none' | 'gte' | 'lte' | 'between';

/** What is wanted of one target, as the form holds it. */
export interface Wish {
  readonly goal: Goal;
  readonly value: number | '';
  readonly operator: Operator;
  readonly low: number | '';
  readonly high: number | '';
}

export const goalNames: Record<Goal, string> = {
  maximize: 'as high as possible',
  minimize: 'as low as possible',
  match: 'near a value',
  meet: 'only within limits',
  none: 'does not matter',
};
/** The objective of a wish; none while it is incomplete. */
export function objectiveOf(target: string, { goal, value, operator, low, high }: Wish): Objective[] {
  if (goal === 'none' || (goal === 'match' && value === '')) return [];
  const criterion: Objective['criterion'] =
    operator === 'gte' && low !== ''
      ? { operator: 'gte', value: low }
      : operator === 'lte' && high !== ''
        ? { operator: 'lte', value: high }
        : operator === 'between' && low !== '' && high !== '' && low <= high
          ? { operator: 'between', value: { min: low, max: high } }
          : undefined;
  if (criterion === undefined && (goal === 'meet' || operator !== 'none')) return [];
  return [
    {
      target,
      goal,
      ...(goal === 'match' && value !== '' ? { value } : {}),
      ...(criterion === undefined ? {} : { criterion, isRequired: true }),
    },
  ];
}

/** The objectives read back, e.g. `strength as high as possible, at least 40`. */
export function sentenceOf(objectives: readonly Objective[]): string {
  const words = objectives.map(({ target, goal, value, criterion }) => {
    const wanted = goal === 'match' ? `near ${formatNumber(value)}` : goal === 'meet' ? '' : goalNames[goal];
    const limits =
      criterion === undefined
        ? ''
        : criterion.operator === 'between'
          ? `between ${formatNumber(criterion.value.min)} and ${formatNumber(criterion.value.max)}`
          : `${criterion.operator === 'gte' ? 'at least' : 'at most'} ${formatNumber(Number(criterion.value))}`;
    return `${target} ${[wanted, limits].filter((part) => part !== '').join(', ')}`;
  });
  return words.length === 0 ? 'Next experiments' : words.join('; ');
}
