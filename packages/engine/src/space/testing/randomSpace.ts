import type { Condition, Constraint, SearchSpace, SpaceVariable } from '@athanor/schema';
import type { Generator } from '../../random/generator.ts';

/**
 * A random search space with every kind of variable and constraint. About half of them are feasible; limits are drawn
 * around a random point, and sometimes past it.
 */
export function randomSpace(generator: Generator): SearchSpace {
  const pick = <T>(items: readonly T[]): T => items[generator.integer(items.length)]!;
  const chance = (share: number): boolean => generator.uniform() < share;
  const round = (value: number, digits: number): number => Number(value.toFixed(digits));
  const classes = ['a', 'b', 'c'];
  const amountCount = 2 + generator.integer(9);
  const step = pick([0.01, 0.1, 0.25, 0.5, 1, 2.5]);
  const variables: SpaceVariable[] = Array.from({ length: amountCount }, (_, j) => {
    const upper = pick([20, 40, 60, 100]);
    const lower = chance(0.2) ? pick([step, 2 * step, 5]) : 0;
    return {
      kind: 'amount',
      key: `amount ${j}`,
      lower: Math.min(lower, upper),
      upper,
      step: chance(0.9) ? step : 2 * step,
      classes: [pick(classes)],
    };
  });
  if (chance(0.6)) variables.push({ kind: 'parameter', key: 'temperature', lower: 20, upper: 120, step: 5 });
  if (chance(0.5)) variables.push({ kind: 'parameter', key: 'pH', lower: 2.5, upper: 11.3 });
  if (chance(0.4)) variables.push({ kind: 'discrete', key: 'mesh', values: [80, 120, 200, 325] });
  if (chance(0.5))
    variables.push({ kind: 'category', key: 'solvent', levels: ['water', 'ethanol', 'acetone'] });
  const amounts = variables.filter((variable) => variable.kind === 'amount');
  const used = classes.filter((one) => amounts.some((variable) => variable.classes!.includes(one)));
  const some = (): string[] => {
    const keys = amounts.map(({ key }) => key).filter(() => chance(0.4));
    return keys.length > 0 ? keys : [amounts[0]!.key];
  };
  const condition = (): Condition => {
    const variable = pick(variables);
    switch (variable.kind) {
      case 'amount':
        return chance(0.7)
          ? { key: variable.key, used: chance(0.7) }
          : { key: variable.key, is: { operator: pick(['gte', 'lte', 'gt', 'lt'] as const), value: 10 } };
      case 'parameter':
        return {
          key: variable.key,
          is: chance(0.5)
            ? {
                operator: pick(['gte', 'lte'] as const),
                value: round((variable.lower + variable.upper) / 2, 2),
              }
            : {
                operator: 'between',
                value: { min: variable.lower, max: (variable.lower + variable.upper) / 2 },
              },
        };
      case 'discrete':
        return { key: variable.key, is: { operator: 'in-set', value: variable.values.slice(0, 2) } };
      case 'category':
        return { key: variable.key, is: { operator: 'in-set', value: [pick(variable.levels)] } };
    }
  };
  const makers: (() => Constraint)[] = [
    () => ({ kind: 'classTotal', class: pick(used), min: pick([0, 5, 10, 30]), max: pick([20, 30, 50, 80]) }),
    () => ({
      kind: 'ratio',
      numerator: some(),
      denominator: some(),
      ...(chance(0.7)
        ? { max: round(0.2 + 2 * generator.uniform(), 2) }
        : { min: round(generator.uniform(), 2) }),
    }),
    () => ({ kind: 'minimumIfUsed', value: pick([1, 2, 5, 12]), ...(chance(0.4) ? { keys: some() } : {}) }),
    () => ({
      kind: 'count',
      ...(chance(0.4) ? { class: pick(used) } : {}),
      ...(chance(0.7) ? { max: 1 + generator.integer(amountCount) } : { min: 1 + generator.integer(3) }),
    }),
    () => ({ kind: 'ifThen', when: [condition()], must: [condition()] }),
    () => ({ kind: 'forbidden', conditions: [condition(), condition()] }),
    () => {
      const variable = pick(variables);
      if (variable.kind === 'category')
        return { kind: 'fixed', key: variable.key, value: pick(variable.levels) };
      if (variable.kind === 'discrete') return { kind: 'fixed', key: variable.key, value: pick([120, 121]) };
      return { kind: 'fixed', key: variable.key, value: variable.kind === 'amount' ? 10 : variable.lower };
    },
    () => ({
      kind: 'linear',
      terms: some().map((key) => ({ key, coefficient: pick([1, 2, 0.5, -1, 1.25]) })),
      operator: pick(['lte', 'gte', 'eq'] as const),
      value: pick([0, 10, 25, 50]),
      tolerance: pick([0, 0.5, 5]),
    }),
    () => ({
      kind: 'budget',
      prices: Object.fromEntries(amounts.map(({ key }, j) => [key, round(0.5 + (j % 4) * 1.37, 2)])),
      ...(variables.some(({ key }) => key === 'solvent')
        ? { levelPrices: { solvent: { ethanol: 0.5 } } }
        : {}),
      max: pick([0.9, 1.5, 2.5, 4]),
    }),
    () => ({ kind: 'exclude', rows: [{ [amounts[0]!.key]: 10 }, { [amounts[0]!.key]: 0 }] }),
  ];
  const constraints: Constraint[] = chance(0.85)
    ? [{ kind: 'total', value: pick([100, 100, 50, 1000]) }]
    : [];
  const count = generator.integer(7);
  for (let c = 0; c < count; c++) constraints.push(pick(makers)());
  return { variables, constraints };
}
