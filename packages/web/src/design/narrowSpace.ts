import type { InputRow, SearchSpace, SpaceVariable } from '@athanor/schema';

/** How far from the middle a narrowed space goes, as a share of each range. */
const reach = 0.1;

/**
 * The part of a space around one row: numbers within a tenth of their range, categories and listed numbers as they are
 * and next to it. All constraints stay; `known` rows are not proposed again.
 */
export function narrowSpace(space: SearchSpace, row: InputRow, known: readonly InputRow[]): SearchSpace {
  return {
    ...space,
    variables: space.variables.map((variable) => around(variable, row[variable.key] ?? null)),
    constraints: [
      ...space.constraints,
      ...(known.length === 0 ? [] : [{ kind: 'exclude' as const, rows: [...known] }]),
    ],
  };
}

function around(variable: SpaceVariable, value: InputRow[string]): SpaceVariable {
  if (variable.kind === 'category') {
    return typeof value === 'string' ? { ...variable, levels: [value] } : variable;
  }
  if (typeof value !== 'number') return variable;
  if (variable.kind === 'discrete') {
    const sorted = variable.values.toSorted((a, b) => a - b);
    const place = sorted.indexOf(value);
    return place < 0 ? variable : { ...variable, values: sorted.slice(Math.max(0, place - 1), place + 2) };
  }
  const { lower, upper, step } = variable;
  const wide = reach * (upper - lower);
  // Steps of a setting are counted from its lower bound, those of an amount from zero.
  const origin = variable.kind === 'amount' ? 0 : lower;
  const steps = step === undefined ? null : Math.max(1, Math.round(wide / step));
  const onGrid = (by: number): number =>
    step === undefined || steps === null
      ? value + by * wide
      : rounded(origin + (Math.round((value - origin) / step) + by * steps) * step);
  return { ...variable, lower: Math.max(lower, onGrid(-1)), upper: Math.min(upper, onGrid(1)) };
}

/** Without the noise of binary fractions. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
