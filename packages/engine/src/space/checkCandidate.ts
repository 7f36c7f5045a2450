import type { Condition, Constraint, InputRow, SearchSpace, SpaceVariable } from '@athanor/schema';
import { EngineError } from '../engineError.ts';
import {
  addDecimals,
  compareDecimals,
  decimalOf,
  multiplyDecimals,
  numberOf,
  subtractDecimals,
  zero,
  type Decimal,
} from './decimal.ts';

/** Whether one thing that must hold does, and by how much. */
export interface ConstraintCheck {
  /** Place in the search space, e.g. `constraints/2` or `variables/0`. */
  readonly path: string;
  readonly isMet: boolean;
  /** How far inside its nearest limit a number is, in its own unit; negative outside, null where there is no number. */
  readonly slack: number | null;
}

/**
 * Judges a row against a search space in exact decimal arithmetic, as a careful person with a pencil would. It shares
 * nothing with the code that generates candidates, so that a mistake there cannot hide here.
 *
 * @throws EngineError with code SPACE_INVALID when a constraint names a variable that is not there
 */
export function checkCandidate(space: SearchSpace, row: InputRow): ConstraintCheck[] {
  const variables = space.variables.map((variable, j): ConstraintCheck => ({
    path: `variables/${j}`,
    ...checkVariable(variable, row),
  }));
  const constraints = space.constraints.map((constraint, i): ConstraintCheck => ({
    path: `constraints/${i}`,
    ...checkConstraint(space, constraint, row),
  }));
  const { candidates } = space;
  if (candidates === undefined) return [...variables, ...constraints];
  const isListed = candidates.some((one) => space.variables.every(({ key }) => one[key] === row[key]));
  return [...variables, ...constraints, { path: 'candidates', isMet: isListed, slack: null }];
}

/** Whether a row is one that the space allows. */
export function isFeasible(space: SearchSpace, row: InputRow): boolean {
  return checkCandidate(space, row).every(({ isMet }) => isMet);
}

type Verdict = Omit<ConstraintCheck, 'path'>;

const never: Verdict = { isMet: false, slack: null };

function checkVariable(variable: SpaceVariable, row: InputRow): Verdict {
  const cell = row[variable.key];
  if (variable.kind === 'category')
    return { isMet: typeof cell === 'string' && variable.levels.includes(cell), slack: null };
  if (typeof cell !== 'number' || !Number.isFinite(cell)) return never;
  if (variable.kind === 'discrete') return { isMet: variable.values.includes(cell), slack: null };
  const value = decimalOf(cell);
  const within = checkLimits(value, variable.lower, variable.upper);
  const isOnStep =
    variable.step === undefined ||
    isMultiple(
      variable.kind === 'amount' ? value : subtractDecimals(value, decimalOf(variable.lower)),
      decimalOf(variable.step),
    );
  return { ...within, isMet: within.isMet && isOnStep };
}

function isMultiple(value: Decimal, step: Decimal): boolean {
  const scale = BigInt(Math.max(value.scale, step.scale));
  const a = value.digits * 10n ** (scale - BigInt(value.scale));
  return a % (step.digits * 10n ** (scale - BigInt(step.scale))) === 0n;
}

function checkLimits(value: Decimal, min: number | undefined, max: number | undefined): Verdict {
  const slacks: Decimal[] = [];
  if (min !== undefined) slacks.push(subtractDecimals(value, decimalOf(min)));
  if (max !== undefined) slacks.push(subtractDecimals(decimalOf(max), value));
  if (slacks.length === 0) return { isMet: true, slack: null };
  const least = slacks.reduce((a, b) => (compareDecimals(a, b) <= 0 ? a : b));
  return { isMet: least.digits >= 0n, slack: numberOf(least) };
}

function checkConstraint(space: SearchSpace, constraint: Constraint, row: InputRow): Verdict {
  switch (constraint.kind) {
    case 'total': {
      const sum = sumOf(row, constraint.keys ?? amountKeys(space));
      return checkLimits(sum, constraint.value, constraint.value);
    }
    case 'linear': {
      const sum = constraint.terms.reduce(
        (total, { key, coefficient }) =>
          addDecimals(total, multiplyDecimals(decimalOf(coefficient), cellOf(row, key))),
        zero,
      );
      const slip = decimalOf(constraint.operator === 'eq' ? (constraint.tolerance ?? 0) : 0);
      const limit = decimalOf(constraint.value);
      const above = subtractDecimals(addDecimals(limit, slip), sum);
      const below = subtractDecimals(sum, subtractDecimals(limit, slip));
      const least =
        constraint.operator === 'lte'
          ? above
          : constraint.operator === 'gte' || compareDecimals(below, above) < 0
            ? below
            : above;
      return { isMet: least.digits >= 0n, slack: numberOf(least) };
    }
    case 'classTotal':
      return checkLimits(sumOf(row, amountKeys(space, constraint.class)), constraint.min, constraint.max);
    case 'ratio': {
      const top = sumOf(row, constraint.numerator);
      const bottom = sumOf(row, constraint.denominator);
      const slacks: Decimal[] = [];
      if (constraint.max !== undefined)
        slacks.push(subtractDecimals(multiplyDecimals(decimalOf(constraint.max), bottom), top));
      if (constraint.min !== undefined)
        slacks.push(subtractDecimals(top, multiplyDecimals(decimalOf(constraint.min), bottom)));
      if (slacks.length === 0) return { isMet: true, slack: null };
      const least = slacks.reduce((a, b) => (compareDecimals(a, b) <= 0 ? a : b));
      return { isMet: least.digits >= 0n, slack: numberOf(least) };
    }
    case 'minimumIfUsed': {
      const least = decimalOf(constraint.value);
      const used = (constraint.keys ?? amountKeys(space))
        .map((key) => cellOf(row, key))
        .filter(({ digits }) => digits !== 0n)
        .map((amount) => subtractDecimals(amount, least));
      if (used.length === 0) return { isMet: true, slack: null };
      const slack = used.reduce((a, b) => (compareDecimals(a, b) <= 0 ? a : b));
      return { isMet: slack.digits >= 0n, slack: numberOf(slack) };
    }
    case 'count': {
      const counted = constraint.keys ?? amountKeys(space, constraint.class);
      const used = counted.filter((key) => cellOf(row, key).digits !== 0n).length;
      return checkLimits(decimalOf(used), constraint.min, constraint.max);
    }
    case 'ifThen': {
      const isAsked = constraint.when.every((condition) => holds(condition, row));
      return { isMet: !isAsked || constraint.must.every((condition) => holds(condition, row)), slack: null };
    }
    case 'forbidden':
      return { isMet: !constraint.conditions.every((condition) => holds(condition, row)), slack: null };
    case 'fixed':
      return { isMet: row[constraint.key] === constraint.value, slack: null };
    case 'budget': {
      const [min, max] = scaledLimits(constraint);
      const { isMet, slack } = checkLimits(costOf(constraint, row), min, max);
      return { isMet, slack: slack === null ? null : slack / (constraint.per ?? 100) };
    }
    case 'exclude':
      return {
        isMet: !constraint.rows.some((made) => Object.keys(made).every((key) => made[key] === row[key])),
        slack: null,
      };
  }
}

type Budget = Extract<Constraint, { kind: 'budget' }>;

/** Cost of `per` units, so that nothing is divided. */
function costOf({ prices, levelPrices = {}, per = 100 }: Budget, row: InputRow): Decimal {
  let cost = zero;
  for (const [key, price] of Object.entries(prices))
    cost = addDecimals(cost, multiplyDecimals(decimalOf(price), cellOf(row, key)));
  for (const [key, list] of Object.entries(levelPrices)) {
    const price = list[String(row[key])];
    if (price !== undefined) cost = addDecimals(cost, multiplyDecimals(decimalOf(price), decimalOf(per)));
  }
  return cost;
}

function scaledLimits({ min, max, per = 100 }: Budget): [number | undefined, number | undefined] {
  const scale = (limit: number | undefined): number | undefined =>
    limit === undefined ? undefined : numberOf(multiplyDecimals(decimalOf(limit), decimalOf(per)));
  return [scale(min), scale(max)];
}

function holds(condition: Condition, row: InputRow): boolean {
  if ('used' in condition) return (cellOf(row, condition.key).digits !== 0n) === condition.used;
  const { is } = condition;
  const cell = row[condition.key];
  if (is.operator === 'in-set') return is.value.some((value) => value === cell);
  const value = cellOf(row, condition.key);
  if (is.operator === 'between')
    return (
      compareDecimals(value, decimalOf(is.value.min)) >= 0 &&
      compareDecimals(value, decimalOf(is.value.max)) <= 0
    );
  const order = compareDecimals(value, decimalOf(is.value));
  return {
    eq: order === 0,
    gt: order > 0,
    gte: order >= 0,
    lt: order < 0,
    lte: order <= 0,
  }[is.operator];
}

function amountKeys({ variables }: SearchSpace, group?: string): string[] {
  return variables.flatMap((variable) =>
    variable.kind === 'amount' && (group === undefined || (variable.classes ?? []).includes(group))
      ? [variable.key]
      : [],
  );
}

function sumOf(row: InputRow, keys: readonly string[]): Decimal {
  return keys.reduce((sum, key) => addDecimals(sum, cellOf(row, key)), zero);
}

function cellOf(row: InputRow, key: string): Decimal {
  const cell = row[key];
  if (typeof cell !== 'number')
    throw new EngineError('SPACE_INVALID', `a constraint needs ${key} to be a number`, { column: key });
  return decimalOf(cell);
}
