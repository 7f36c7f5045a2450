import type { Constraint, ConstraintKind, SearchSpace } from '@athanor/schema';

/** What each kind of rule is called where one is chosen. */
export const ruleNames: Record<ConstraintKind, string> = {
  total: 'Amounts add up to',
  classTotal: 'Total of a class',
  ratio: 'Ratio of amounts',
  linear: 'Weighted sum',
  count: 'Count of ingredients',
  minimumIfUsed: 'Minimum if used',
  ifThen: 'If … then',
  forbidden: 'Never together',
  fixed: 'Fixed value',
  budget: 'Cost and budget',
  exclude: 'Not what was made',
};

/** A rule of a kind to start from; null where the space has nothing that it could speak of. */
export function newRule(kind: ConstraintKind, space: SearchSpace): Constraint | null {
  const amounts = space.variables.flatMap((variable) => (variable.kind === 'amount' ? [variable] : []));
  const numbers = space.variables.filter((variable) => variable.kind !== 'category');
  const [a, b] = amounts;
  const first = space.variables[0];
  switch (kind) {
    case 'total':
      return a === undefined ? null : { kind, value: 100 };
    case 'classTotal': {
      const [name] = amounts.flatMap(({ classes }) => classes ?? []);
      return name === undefined ? null : { kind, class: name, max: 100 };
    }
    case 'ratio':
      return a === undefined || b === undefined
        ? null
        : { kind, numerator: [a.key], denominator: [b.key], max: 1 };
    case 'linear':
      return numbers[0] === undefined
        ? null
        : {
            kind,
            terms: [{ key: numbers[0].key, coefficient: 1 }],
            operator: 'lte',
            value: upperOf(numbers[0]),
          };
    case 'count':
      return a === undefined ? null : { kind, max: amounts.length };
    case 'minimumIfUsed':
      return a === undefined ? null : { kind, value: a.step };
    case 'ifThen':
      return a === undefined || b === undefined
        ? null
        : { kind, when: [{ key: a.key, used: true }], must: [{ key: b.key, used: true }] };
    case 'forbidden':
      return a === undefined || b === undefined
        ? null
        : {
            kind,
            conditions: [
              { key: a.key, used: true },
              { key: b.key, used: true },
            ],
          };
    case 'fixed':
      return first === undefined
        ? null
        : { kind, key: first.key, value: first.kind === 'category' ? first.levels[0]! : lowerOf(first) };
    case 'budget':
      return a === undefined
        ? null
        : { kind, prices: Object.fromEntries(amounts.map(({ key }) => [key, 1])), max: 1 };
    case 'exclude':
      return { kind, rows: [] };
  }
}

function upperOf(variable: SearchSpace['variables'][number]): number {
  if (variable.kind === 'category') return 0;
  return variable.kind === 'discrete' ? Math.max(...variable.values) : variable.upper;
}

function lowerOf(variable: SearchSpace['variables'][number]): number {
  if (variable.kind === 'category') return 0;
  return variable.kind === 'discrete' ? Math.min(...variable.values) : variable.lower;
}
