import { expect, it } from 'vitest';
import { type TargetCriterion, meetsCriterion } from './targetCriterion.ts';

it.each<[TargetCriterion, (string | number | boolean | null)[], (string | number | boolean | null)[]]>([
  [{ operator: 'eq', value: 5 }, [5, '5'], [4, 'five', null]],
  [{ operator: 'eq', value: 'red' }, ['red'], ['Red', 1, null]],
  [{ operator: 'gt', value: 1 }, [1.1], [1, 0, '2', null]],
  [{ operator: 'gte', value: 1 }, [1, 2], [0.9, null]],
  [{ operator: 'lt', value: 1 }, [0.9], [1, null]],
  [{ operator: 'lte', value: 1 }, [1, 0], [1.1, null]],
  [{ operator: 'between', value: { min: 1, max: 2 } }, [1, 1.5, 2], [0.99, 2.01, '1.5', null]],
  [{ operator: 'in-set', value: ['a', 2] }, ['a', 2, '2'], ['b', 3, null]],
])('%j is met and not met by the right values', (criterion, met, unmet) => {
  for (const value of met) expect(meetsCriterion(criterion, value)).toBe(true);
  for (const value of unmet) expect(meetsCriterion(criterion, value)).toBe(false);
});
