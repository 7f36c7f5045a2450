import type { Condition, Constraint, Criterion, SearchSpace } from '@athanor/schema';
import { EngineError } from '../engineError.ts';
import type {
  Clause,
  CompiledSpace,
  CompiledVariable,
  ConstraintSource,
  CountRule,
  ExcludedPoint,
  Intervals,
  MinimumRule,
  SumRule,
} from './compiledSpace.ts';
import { compileSum, type LinearTerm, type ScaledVariable } from './compileSum.ts';
import { compileVariable } from './compileVariable.ts';
import {
  addDecimals,
  ceilingOfQuotient,
  decimalOf,
  floorOfQuotient,
  multiplyDecimals,
  subtractDecimals,
} from './decimal.ts';
import { describeConstraint } from './describeConstraint.ts';
import { complementOf, intervalsOf } from './intervals.ts';

/**
 * A search space as whole numbers; its constraints stay apart by where they come from.
 *
 * @throws EngineError with code SPACE_INVALID when it names what is not there or its numbers cannot be held
 */
export function compileSpace(space: SearchSpace): CompiledSpace {
  return new SpaceCompiler(space).compile();
}

class SpaceCompiler {
  readonly #space: SearchSpace;
  readonly #variables: readonly CompiledVariable[];
  readonly #placeOf: ReadonlyMap<string, number>;
  readonly #sums: SumRule[] = [];
  readonly #minimums: MinimumRule[] = [];
  readonly #counts: CountRule[] = [];
  readonly #clauses: Clause[] = [];
  readonly #excluded: ExcludedPoint[] = [];

  constructor(space: SearchSpace) {
    this.#space = space;
    this.#variables = space.variables.map((variable, j) => compileVariable(variable, `variables/${j}`));
    this.#placeOf = new Map(space.variables.map(({ key }, j) => [key, j]));
    if (this.#placeOf.size < space.variables.length)
      throw new EngineError('SPACE_INVALID', 'two variables have the same key', { field: 'variables' });
  }

  compile(): CompiledSpace {
    this.#space.constraints.forEach((constraint, i) => this.#add(constraint, i));
    const sources: ConstraintSource[] = [
      ...this.#space.constraints.map((constraint, i) => ({
        path: `constraints/${i}`,
        text: describeConstraint(constraint),
      })),
      ...this.#space.variables.map((variable, j) => ({
        path: `variables/${j}`,
        text:
          'lower' in variable
            ? `${variable.key} is between ${variable.lower} and ${variable.upper}`
            : `${variable.key} is ${anyOf(variable.kind === 'category' ? variable.levels : variable.values)}`,
      })),
    ];
    return {
      variables: this.#variables,
      sources,
      sums: this.#sums,
      minimums: this.#minimums,
      counts: this.#counts,
      clauses: this.#clauses,
      excluded: this.#excluded,
    };
  }

  #add(constraint: Constraint, source: number): void {
    const field = `constraints/${source}`;
    const ones = (keys: readonly string[], sign = 1): ScaledVariable[] =>
      keys.map((key) => ({ variable: this.#numeric(key, field), coefficient: decimalOf(sign) }));
    switch (constraint.kind) {
      case 'total':
        this.#sum(source, ones(constraint.keys ?? this.#amounts()), constraint.value, constraint.value);
        return;
      case 'linear': {
        const { terms, operator, value, tolerance = 0 } = constraint;
        const parts = terms.map(({ key, coefficient }) => ({
          variable: this.#numeric(key, field),
          coefficient: decimalOf(coefficient),
        }));
        const slip = decimalOf(operator === 'eq' ? tolerance : 0);
        const limit = decimalOf(value);
        this.#sums.push(
          ...compileSum(this.#variables, source, parts, {
            min: operator === 'lte' ? null : subtractDecimals(limit, slip),
            max: operator === 'gte' ? null : addDecimals(limit, slip),
          }),
        );
        return;
      }
      case 'classTotal':
        this.#sum(source, ones(this.#amounts(constraint.class, field)), constraint.min, constraint.max);
        return;
      case 'ratio': {
        const { numerator, denominator, min, max } = constraint;
        const against = (limit: number): LinearTerm[] => [
          ...ones(numerator),
          ...ones(denominator, -1).map((term) => ({
            ...term,
            coefficient: multiplyDecimals(term.coefficient, decimalOf(limit)),
          })),
        ];
        if (max !== undefined) this.#sum(source, against(max), undefined, 0);
        if (min !== undefined) this.#sum(source, against(min), 0, undefined);
        return;
      }
      case 'minimumIfUsed': {
        const least = decimalOf(constraint.value);
        for (const key of constraint.keys ?? this.#amounts()) {
          const variable = this.#amount(key, field);
          const { step, denominator } = this.#variables[variable] as { step: number; denominator: number };
          const value = Number(
            ceilingOfQuotient(multiplyDecimals(least, decimalOf(denominator)), decimalOf(step)),
          );
          this.#minimums.push({ source, variable, value });
        }
        return;
      }
      case 'count': {
        const keys = constraint.keys ?? this.#amounts(constraint.class, field);
        const variables = keys.map((key) => this.#amount(key, field));
        this.#counts.push({
          source,
          variables: [...new Set(variables)],
          min: constraint.min ?? 0,
          max: constraint.max ?? variables.length,
        });
        return;
      }
      case 'ifThen': {
        const unless = constraint.when.map((condition) => this.#negate(this.#literal(condition, field)));
        for (const condition of constraint.must)
          this.#clauses.push({ source, literals: [...unless, this.#literal(condition, field)] });
        return;
      }
      case 'forbidden': {
        const literals = constraint.conditions.map((one) => this.#negate(this.#literal(one, field)));
        this.#clauses.push({ source, literals });
        return;
      }
      case 'fixed': {
        const variable = this.#place(constraint.key, field);
        const n = this.#indexOf(variable, constraint.value);
        this.#clauses.push({ source, literals: [{ variable, intervals: n === null ? [] : [[n, n]] }] });
        return;
      }
      case 'budget':
        this.#addBudget(constraint, source, field);
        return;
      case 'exclude':
        for (const row of constraint.rows) {
          const cells = Object.entries(row).map(([key, value]) => [this.#place(key, field), value] as const);
          const places = cells.map(
            ([variable, value]) => [variable, this.#indexOf(variable, value)] as const,
          );
          // A row with a value that the space does not have is no point of it.
          if (places.every(([, n]) => n !== null))
            this.#excluded.push({ source, cells: places as ExcludedPoint['cells'] });
        }
    }
  }

  #addBudget(
    { prices, levelPrices = {}, per = 100, min, max }: Extract<Constraint, { kind: 'budget' }>,
    source: number,
    field: string,
  ): void {
    const share = decimalOf(per);
    const terms: LinearTerm[] = Object.entries(prices).map(([key, price]) => ({
      variable: this.#numeric(key, field),
      coefficient: decimalOf(price),
    }));
    for (const [key, list] of Object.entries(levelPrices)) {
      const variable = this.#place(key, field);
      const compiled = this.#variables[variable]!;
      if (compiled.kind !== 'list')
        throw new EngineError('SPACE_INVALID', `${key} has no levels that could have prices`, { field });
      terms.push({
        variable,
        table: compiled.values.map((level) => multiplyDecimals(share, decimalOf(list[String(level)] ?? 0))),
      });
    }
    this.#sums.push(
      ...compileSum(
        this.#variables,
        source,
        terms,
        {
          min: min === undefined ? null : multiplyDecimals(decimalOf(min), share),
          max: max === undefined ? null : multiplyDecimals(decimalOf(max), share),
        },
        per,
      ),
    );
  }

  #sum(source: number, terms: readonly LinearTerm[], min: number | undefined, max: number | undefined): void {
    this.#sums.push(
      ...compileSum(this.#variables, source, terms, {
        min: min === undefined ? null : decimalOf(min),
        max: max === undefined ? null : decimalOf(max),
      }),
    );
  }

  #amounts(group?: string, field?: string): string[] {
    const keys = this.#space.variables.flatMap((variable) =>
      variable.kind === 'amount' && (group === undefined || (variable.classes ?? []).includes(group))
        ? [variable.key]
        : [],
    );
    if (group !== undefined && keys.length === 0)
      throw new EngineError('SPACE_INVALID', `no amount is of the class ${group}`, {
        field: field!,
        value: group,
      });
    return keys;
  }

  #place(key: string, field: string): number {
    const place = this.#placeOf.get(key);
    if (place === undefined)
      throw new EngineError('SPACE_INVALID', `there is no variable ${key} in the search space`, {
        field,
        column: key,
      });
    return place;
  }

  #numeric(key: string, field: string): number {
    const place = this.#place(key, field);
    const variable = this.#variables[place]!;
    if (variable.kind === 'list' && typeof variable.values[0] === 'string')
      throw new EngineError('SPACE_INVALID', `${key} is a category and cannot be added up`, {
        field,
        column: key,
      });
    return place;
  }

  #amount(key: string, field: string): number {
    const place = this.#place(key, field);
    if (!this.#variables[place]!.isAmount)
      throw new EngineError('SPACE_INVALID', `${key} is no amount and is neither used nor left out`, {
        field,
        column: key,
      });
    return place;
  }

  /** Index of a value; null when the variable cannot take it. */
  #indexOf(place: number, value: unknown): number | null {
    const variable = this.#variables[place]!;
    if (variable.kind === 'list') {
      const n = (variable.values as readonly unknown[]).indexOf(value);
      return n < 0 ? null : n;
    }
    if (typeof value !== 'number' || !Number.isFinite(value)) return null;
    const steps = subtractDecimals(
      multiplyDecimals(decimalOf(value), decimalOf(variable.denominator)),
      decimalOf(variable.base),
    );
    const step = decimalOf(variable.step);
    const n = Number(floorOfQuotient(steps, step));
    const isExact = n === Number(ceilingOfQuotient(steps, step));
    return isExact && n >= variable.lower && n <= variable.upper ? n : null;
  }

  #literal(condition: Condition, field: string): Clause['literals'][number] {
    if ('used' in condition) {
      const variable = this.#amount(condition.key, field);
      const { upper } = this.#variables[variable]!;
      return { variable, intervals: condition.used ? (upper >= 1 ? [[1, upper]] : []) : [[0, 0]] };
    }
    const variable = this.#place(condition.key, field);
    const compiled = this.#variables[variable]!;
    const { is } = condition;
    if (is.operator === 'in-set') {
      const wanted = is.value
        .map((value) => this.#indexOf(variable, value))
        .filter((n): n is number => n !== null);
      const unique = [...new Set(wanted)].sort((a, b) => a - b);
      return { variable, intervals: unique.map((n) => [n, n] as const) };
    }
    this.#numeric(condition.key, field);
    if (compiled.kind === 'list')
      return {
        variable,
        intervals: intervalsOf(0, compiled.upper, (n) => passes(is, compiled.values[n] as number)),
      };
    const steps = (limit: number) =>
      subtractDecimals(
        multiplyDecimals(decimalOf(limit), decimalOf(compiled.denominator)),
        decimalOf(compiled.base),
      );
    const step = decimalOf(compiled.step);
    const floor = (limit: number): number => Number(floorOfQuotient(steps(limit), step));
    const ceiling = (limit: number): number => Number(ceilingOfQuotient(steps(limit), step));
    const between = (first: number, last: number): Intervals => {
      const low = Math.max(first, compiled.lower);
      const high = Math.min(last, compiled.upper);
      return low <= high ? [[low, high]] : [];
    };
    const intervals = {
      eq: (v: number) => between(ceiling(v), floor(v)),
      gt: (v: number) => between(floor(v) + 1, compiled.upper),
      gte: (v: number) => between(ceiling(v), compiled.upper),
      lt: (v: number) => between(compiled.lower, ceiling(v) - 1),
      lte: (v: number) => between(compiled.lower, floor(v)),
    };
    return is.operator === 'between'
      ? { variable, intervals: between(ceiling(is.value.min), floor(is.value.max)) }
      : { variable, intervals: intervals[is.operator](is.value) };
  }

  #negate({ variable, intervals }: Clause['literals'][number]): Clause['literals'][number] {
    const { lower, upper } = this.#variables[variable]!;
    return { variable, intervals: complementOf(intervals, lower, upper) };
  }
}

function passes(is: Exclude<Criterion, { operator: 'in-set' }>, x: number): boolean {
  if (is.operator === 'between') return x >= is.value.min && x <= is.value.max;
  const limit = is.value;
  return { eq: x === limit, gt: x > limit, gte: x >= limit, lt: x < limit, lte: x <= limit }[is.operator];
}

/** Values that are told one by one; of more, the first and how many others. */
const mostTold = 8;

function anyOf(values: readonly (number | string)[]): string {
  if (values.length === 1) return String(values[0]);
  if (values.length <= mostTold) return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
  return `one of ${values.slice(0, mostTold - 2).join(', ')} and ${values.length - mostTold + 2} others`;
}
