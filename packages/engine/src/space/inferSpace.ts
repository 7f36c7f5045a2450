import type { Constraint, SearchSpace, SpaceVariable, Variable } from '@athanor/schema';
import { EngineError } from '../engineError.ts';
import type { CategoricalColumn, Column, MolecularColumn, NumericColumn } from '../table/column.ts';
import type { Table } from '../table/table.ts';
import { decimalOf, digitsAt } from './decimal.ts';

/** A parameter with at most this many different values takes these and no others. */
const maxListed = 12;
/** An inferred step divides a range into at most this many. */
const maxSteps = 2000;
/** Two names of one thing are tied for at most this many things. */
const maxTied = 60;
/** Totals that the amounts of a table close to. */
const totals = [100, 1, 1000, 10, 1_000_000];
/** Share of the total by which a row may miss it. */
const closure = 0.005;
/** Two ingredients that should have met this often and never did are kept apart. */
const expectedMeetings = 5;

/**
 * The space that a table of experiments spans: bounds and steps as seen (declared bounds win), what the amounts add up
 * to, how many ingredients a row uses, the least that is used of each, and pairs that are kept apart. A start for the
 * user to edit, never wider than what was asked for.
 *
 * @param keys inputs to take; in that order
 * @throws EngineError with code SPACE_INVALID when no input has a value
 */
export function inferSpace(table: Table, keys: readonly string[]): SearchSpace {
  const inputs = keys.map((key) => {
    const j = table.variables.findIndex((variable) => variable.key === key);
    return { variable: table.variables[j]!, column: table.columns[j]! };
  });
  const variables: SpaceVariable[] = [];
  const amounts: { key: string; values: Float64Array; step: number }[] = [];
  for (const { variable, column } of inputs) {
    if (column.kind !== 'numeric') {
      const levels = levelsOf(column);
      if (levels.length > 0) variables.push({ kind: 'category', key: column.key, levels });
      continue;
    }
    const values = column.values.map((value) =>
      Number.isNaN(value) && variable.type === 'material_amount' ? 0 : value,
    );
    const present = values.filter((value) => !Number.isNaN(value));
    if (present.length === 0) continue;
    const inferred =
      variable.type === 'material_amount' && present.every((value) => value >= 0)
        ? amountOf(variable, column, present)
        : settingOf(variable, column, present);
    variables.push(inferred);
    if (inferred.kind === 'amount') amounts.push({ key: column.key, values, step: inferred.step });
  }
  if (variables.length === 0)
    throw new EngineError('SPACE_INVALID', 'no input of the table has a value', { field: 'variables' });
  const constraints = amounts.length < 2 ? [] : inferConstraints(amounts, table.rowCount);
  constraints.push(...tieNames(inputs.map(({ column }) => column)));
  return alignSteps({ variables, constraints });
}

type NamedColumn = CategoricalColumn | MolecularColumn;

function levelsOf({ codes, levels }: NamedColumn): string[] {
  const used = new Set(codes);
  return levels.filter((_, code) => used.has(code));
}

function amountOf({ bounds }: Variable, { key }: NumericColumn, present: Float64Array): SpaceVariable {
  const least = bounds?.lower ?? smallest(present);
  const most = bounds?.upper ?? -smallest(present.map((value) => -value));
  const step = stepOf(present, most - Math.min(least, 0)) ?? roundStep(most);
  return {
    kind: 'amount',
    key,
    lower: Math.max(0, multipleOf(step, least, Math.floor)),
    upper: multipleOf(step, most, Math.ceil),
    step,
  };
}

function settingOf({ bounds }: Variable, { key }: NumericColumn, present: Float64Array): SpaceVariable {
  const distinct = [...new Set(present)].sort((a, b) => a - b);
  const lower = bounds?.lower ?? distinct[0]!;
  const upper = bounds?.upper ?? distinct.at(-1)!;
  if (distinct.length === 1 && bounds === null) return { kind: 'discrete', key, values: distinct };
  if (bounds === null && distinct.length <= maxListed && distinct.length * 3 <= present.length)
    return { kind: 'discrete', key, values: distinct };
  const step = stepOf(
    present.map((value) => value - lower),
    upper - lower,
  );
  return { kind: 'parameter', key, lower, upper, ...(step === null ? {} : { step }) };
}

/** Greatest step of which all values are multiples; null when it is too fine to be meant. */
function stepOf(values: Float64Array, range: number): number | null {
  const decimals = Array.from(values, (value) => decimalOf(Number(value.toPrecision(12))));
  const scale = decimals.reduce((most, one) => Math.max(most, one.scale), 0);
  let divisor = 0n;
  for (const one of decimals) {
    let [x, y] = [divisor, digitsAt(one, scale)];
    if (y < 0n) y = -y;
    while (y > 0n) [x, y] = [y, x % y];
    divisor = x;
  }
  if (divisor === 0n) return null;
  const step = Number(`${divisor}e-${scale}`);
  return range / step <= maxSteps ? step : null;
}

/** A thousandth of the largest amount, rounded down to a power of ten. */
function roundStep(largest: number): number {
  return Number(`1e${Math.floor(Math.log10((largest || 1) / 1000))}`);
}

function multipleOf(step: number, value: number, round: (steps: number) => number): number {
  const steps = Number((value / step).toPrecision(12));
  return Number((round(steps) * step).toPrecision(12));
}

function inferConstraints(
  amounts: readonly { key: string; values: Float64Array; step: number }[],
  rowCount: number,
): Constraint[] {
  const constraints: Constraint[] = [];
  const sums = Float64Array.from({ length: rowCount }, (_, i) =>
    amounts.reduce((sum, { values }) => sum + values[i]!, 0),
  );
  const total = totals.find(
    (one) => sums.filter((sum) => Math.abs(sum - one) <= closure * one).length >= 0.8 * rowCount,
  );
  if (total !== undefined) constraints.push({ kind: 'total', value: total });
  else {
    const terms = amounts.map(({ key }) => ({ key, coefficient: 1 }));
    const [low, high] = [smallest(sums), -smallest(sums.map((sum) => -sum))];
    constraints.push({
      kind: 'linear',
      name: 'lowest total seen',
      terms,
      operator: 'gte',
      value: floorTo(low),
    });
    constraints.push({
      kind: 'linear',
      name: 'highest total seen',
      terms,
      operator: 'lte',
      value: ceilTo(high),
    });
  }
  const counts = sums.map((_, i) =>
    amounts.reduce((count, { values }) => count + (values[i]! > 0 ? 1 : 0), 0),
  );
  const [fewest, most] = [smallest(counts), -smallest(counts.map((count) => -count))];
  if (most < amounts.length) constraints.push({ kind: 'count', min: fewest, max: most });
  for (const { key, values, step } of amounts) {
    const used = values.filter((value) => value > 0);
    if (used.length === values.length || used.length === 0) continue;
    const least = multipleOf(step, smallest(used), Math.floor);
    if (least > step) constraints.push({ kind: 'minimumIfUsed', keys: [key], value: least });
  }
  amounts.forEach((a, i) => {
    const usedA = a.values.filter((value) => value > 0).length;
    for (const b of amounts.slice(i + 1)) {
      const usedB = b.values.filter((value) => value > 0).length;
      if ((usedA * usedB) / rowCount < expectedMeetings) continue;
      if (a.values.some((value, row) => value > 0 && b.values[row]! > 0)) continue;
      constraints.push({
        kind: 'forbidden',
        name: 'never used together',
        conditions: [
          { key: a.key, used: true },
          { key: b.key, used: true },
        ],
      });
    }
  });
  return constraints;
}

/**
 * Two categories of which each tells the other are two names of one thing, e.g. a name and a SMILES: they stay together.
 */
function tieNames(columns: readonly Column[]): Constraint[] {
  const named = columns.filter((column) => column.kind !== 'numeric');
  const constraints: Constraint[] = [];
  named.forEach((a, i) => {
    const b = named.slice(i + 1).find((other) => pairsOf(a, other) !== null);
    if (b === undefined) return;
    const pairs = pairsOf(a, b)!;
    if (pairs.size < 2 || pairs.size > maxTied) return;
    for (const [first, second] of pairs)
      constraints.push({
        kind: 'ifThen',
        name: 'two names of one thing',
        when: [{ key: a.key, is: { operator: 'in-set', value: [first] } }],
        must: [{ key: b.key, is: { operator: 'in-set', value: [second] } }],
      });
  });
  return constraints;
}

/** Which level of b each level of a goes with; null when that is not one to one. */
function pairsOf(a: NamedColumn, b: NamedColumn): Map<string, string> | null {
  const forth = new Map<number, number>();
  const back = new Map<number, number>();
  for (let row = 0; row < a.codes.length; row++) {
    const [x, y] = [a.codes[row]!, b.codes[row]!];
    if (x < 0 && y < 0) continue;
    if (x < 0 || y < 0 || (forth.get(x) ?? y) !== y || (back.get(y) ?? x) !== x) return null;
    forth.set(x, y);
    back.set(y, x);
  }
  return new Map(Array.from(forth, ([x, y]) => [a.levels[x]!, b.levels[y]!]));
}

/** Steps of amounts that must reach a total are made to divide it. */
function alignSteps(space: SearchSpace): SearchSpace {
  const total = space.constraints.find((constraint) => constraint.kind === 'total');
  if (total === undefined) return space;
  return {
    ...space,
    variables: space.variables.map((variable) => {
      if (variable.kind !== 'amount') return variable;
      const parts = total.value / variable.step;
      if (Math.abs(parts - Math.round(parts)) < 1e-9 * parts) return variable;
      const step = stepOf(Float64Array.of(variable.step, total.value), total.value) ?? roundStep(total.value);
      return {
        ...variable,
        step,
        lower: multipleOf(step, variable.lower, Math.floor),
        upper: multipleOf(step, variable.upper, Math.ceil),
      };
    }),
  };
}

function smallest(values: Float64Array): number {
  return values.reduce((least, value) => Math.min(least, value), Infinity);
}

function floorTo(value: number): number {
  return multipleOf(roundStep(Math.abs(value)), value, Math.floor);
}

function ceilTo(value: number): number {
  return multipleOf(roundStep(Math.abs(value)), value, Math.ceil);
}
