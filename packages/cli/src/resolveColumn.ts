import { ProblemError, type Variable } from '@athanor/schema';

/** So many columns are named to somebody who asked for one that is not there. */
const mostShown = 30;

/**
 * The column a person means: its exact header, else its name without the unit, else the only header that contains
 * the word; letters' case does not matter.
 * @throws ProblemError COLUMN_UNKNOWN naming the columns there are.
 */
export function resolveColumn(text: string, variables: readonly Variable[]): string {
  const wanted = text.trim().toLowerCase();
  const tests: ((variable: Variable) => boolean)[] = [
    ({ key }) => key === text,
    ({ key, name }) => key.toLowerCase() === wanted || name.toLowerCase() === wanted,
    ({ key }) => key.toLowerCase().includes(wanted),
  ];
  for (const test of tests) {
    const found = variables.filter(test);
    if (found.length === 1) return found[0]!.key;
    if (found.length > 1) {
      const names = found.map(({ key }) => `"${key}"`).join(', ');
      throw ProblemError.of(
        'COLUMN_UNKNOWN',
        `"${text}" could be any of ${names}`,
        { value: text },
        'Give more of the name.',
      );
    }
  }
  const shown = variables.slice(0, mostShown).map(({ key }) => `"${key}"`);
  const more = variables.length - shown.length;
  const names = more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
  throw ProblemError.of(
    'COLUMN_UNKNOWN',
    `the table has no column "${text}"`,
    { value: text },
    `Use one of ${names}.`,
  );
}
