import type { OutOfFoldScores } from './scoreOutOfFold.ts';

/** Whether scores are numbers: predictions near the largest number there is can make them overflow. */
export function hasFiniteScores({ metrics }: OutOfFoldScores): boolean {
  const { coverage: _, ...numbers } = metrics;
  return Object.values(numbers).every((value) => value === null || Number.isFinite(value));
}
