import type { Constraint, InputRow, SearchSpace, SpaceVariable } from '@athanor/schema';

/**
 * A space that gives way where it must: each part at `paths` is widened just so far that the row obeys it. Rules without
 * a limit that could be moved are left out.
 *
 * @param paths places in the space, e.g. `constraints/2`, `variables/0`
 */
export function relaxSpace(space: SearchSpace, paths: readonly string[], row: InputRow): SearchSpace {
  const given = new Set(paths);
  return {
    ...space,
    variables: space.variables.map((variable, i) =>
      given.has(`variables/${i}`) ? widen(variable, row[variable.key]) : variable,
    ),
    constraints: space.constraints.flatMap((constraint, i) => {
      if (!given.has(`constraints/${i}`)) return [constraint];
      const relaxed = relaxConstraint(constraint, row, space.variables);
      return relaxed === null ? [] : [relaxed];
    }),
  };
}

function widen(variable: SpaceVariable, value: InputRow[string] | undefined): SpaceVariable {
  if ((variable.kind !== 'amount' && variable.kind !== 'parameter') || typeof value !== 'number')
    return variable;
  return { ...variable, lower: Math.min(variable.lower, value), upper: Math.max(variable.upper, value) };
}

function relaxConstraint(
  constraint: Constraint,
  row: InputRow,
  variables: readonly SpaceVariable[],
): Constraint | null {
  const amounts = variables.filter(({ kind }) => kind === 'amount');
  const all = amounts.map(({ key }) => key);
  const ofClass = (name: string | undefined): string[] =>
    amounts
      .filter((variable) => variable.kind === 'amount' && variable.classes?.includes(name ?? '') === true)
      .map(({ key }) => key);
  const sum = (keys: readonly string[]): number =>
    rounded(keys.reduce((total, key) => total + Number(row[key] ?? 0), 0));
  switch (constraint.kind) {
    case 'total':
      return { ...constraint, value: sum(constraint.keys ?? all) };
    case 'linear': {
      const value = constraint.terms.reduce(
        (total, { key, coefficient }) => total + coefficient * Number(row[key] ?? 0),
        0,
      );
      return { ...constraint, value: rounded(value) };
    }
    case 'classTotal':
      return { ...constraint, ...limitsAround(constraint, sum(ofClass(constraint.class))) };
    case 'ratio': {
      const below = sum(constraint.denominator);
      if (below === 0) return null;
      return { ...constraint, ...limitsAround(constraint, sum(constraint.numerator) / below, 1e4) };
    }
    case 'count': {
      const keys = (
        constraint.keys ?? (constraint.class === undefined ? all : ofClass(constraint.class))
      ).filter((key) => Number(row[key] ?? 0) > 0);
      return { ...constraint, ...limitsAround(constraint, keys.length) };
    }
    case 'minimumIfUsed': {
      const used = (constraint.keys ?? all).map((key) => Number(row[key] ?? 0)).filter((value) => value > 0);
      return { ...constraint, value: Math.min(constraint.value, ...used) };
    }
    case 'fixed': {
      const value = row[constraint.key];
      return typeof value === 'number' || typeof value === 'string' ? { ...constraint, value } : null;
    }
    case 'budget': {
      const cost =
        sum(Object.keys(constraint.prices)) === 0
          ? 0
          : Object.entries(constraint.prices).reduce(
              (total, [key, price]) => total + price * Number(row[key] ?? 0),
              0,
            ) / (constraint.per ?? 100);
      const levels = Object.entries(constraint.levelPrices ?? {}).reduce(
        (total, [key, prices]) => total + (prices[String(row[key])] ?? 0),
        0,
      );
      return { ...constraint, ...limitsAround(constraint, cost + levels, 1e4) };
    }
    case 'ifThen':
    case 'forbidden':
    case 'exclude':
      return null;
  }
}

/** Limits that hold the value; with `scale` they are rounded outwards to 1 / scale. */
function limitsAround(
  { min, max }: { min?: number | undefined; max?: number | undefined },
  value: number,
  scale?: number,
): { min?: number; max?: number } {
  const [low, high] =
    scale === undefined
      ? [value, value]
      : [Math.floor(value * scale + 1e-9) / scale, Math.ceil(value * scale - 1e-9) / scale];
  return {
    ...(min === undefined ? {} : { min: min > value ? low : min }),
    ...(max === undefined ? {} : { max: max < value ? high : max }),
  };
}

/** Without the noise of binary fractions. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
