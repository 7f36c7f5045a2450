import { EngineError } from '../engineError.ts';
import type { CompiledVariable, SumRule, SumTerm } from './compiledSpace.ts';
import {
  addDecimals,
  decimalOf,
  digitsAt,
  floorDivide,
  multiplyDecimals,
  zero,
  type Decimal,
} from './decimal.ts';

/** coefficient * value */
export interface ScaledVariable {
  readonly variable: number;
  readonly coefficient: Decimal;
}

/** A part of a sum in the user's numbers: coefficient * value, or a number for each index of a list. */
export type LinearTerm = ScaledVariable | { readonly variable: number; readonly table: readonly Decimal[] };

/**
 * min <= sum <= max in whole numbers: everything is multiplied by the power of ten that removes the decimals, what does
 * not vary goes into the limits, and common factors are divided out. Nothing is rounded.
 *
 * @param share the sum is this many times the quantity that the user speaks of
 * @throws EngineError with code SPACE_INVALID when the whole numbers do not fit a double
 */
export function compileSum(
  variables: readonly CompiledVariable[],
  source: number,
  terms: readonly LinearTerm[],
  { min, max }: { readonly min: Decimal | null; readonly max: Decimal | null },
  share = 1,
): SumRule[] {
  if (min === null && max === null) return [];
  let offset = zero;
  const slopes = new Map<number, Decimal>();
  const tables = new Map<number, Decimal[]>();
  for (const term of terms) {
    const variable = variables[term.variable]!;
    if (variable.kind === 'lattice') {
      const { coefficient } = term as ScaledVariable;
      const unit: Decimal = { digits: 1n, scale: Math.round(Math.log10(variable.denominator)) };
      const scaled = multiplyDecimals(coefficient, unit);
      offset = addDecimals(offset, multiplyDecimals(scaled, decimalOf(variable.base)));
      const slope = multiplyDecimals(scaled, decimalOf(variable.step));
      slopes.set(term.variable, addDecimals(slopes.get(term.variable) ?? zero, slope));
    } else {
      const table =
        'table' in term
          ? term.table
          : (variable.values as readonly number[]).map((value) =>
              multiplyDecimals(term.coefficient, decimalOf(value)),
            );
      const sum = tables.get(term.variable);
      tables.set(
        term.variable,
        table.map((value, n) => addDecimals(sum?.[n] ?? zero, value)),
      );
    }
  }
  const decimals = [offset, ...slopes.values(), ...[...tables.values()].flat()];
  for (const limit of [min, max]) if (limit !== null) decimals.push(limit);
  const scale = decimals.reduce((most, one) => Math.max(most, one.scale), 0);
  const whole = (value: Decimal): bigint => digitsAt(value, scale);
  const shift = whole(offset);
  let divisor = 0n;
  for (const slope of slopes.values()) divisor = greatestCommonDivisor(divisor, whole(slope));
  for (const table of tables.values())
    for (const value of table) divisor = greatestCommonDivisor(divisor, whole(value));
  if (divisor === 0n) divisor = 1n;

  const parts: SumTerm[] = [];
  let farthest = 0n;
  const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);
  for (const [variable, slope] of slopes) {
    const whole_ = whole(slope) / divisor;
    if (whole_ === 0n) continue;
    const { lower, upper } = variables[variable]!;
    farthest += magnitude(whole_) * BigInt(Math.max(Math.abs(lower), Math.abs(upper)));
    parts.push({ variable, slope: Number(whole_) });
  }
  for (const [variable, table] of tables) {
    const wholes = table.map((value) => whole(value) / divisor);
    farthest += wholes.reduce((most, value) => (magnitude(value) > most ? magnitude(value) : most), 0n);
    parts.push({ variable, table: Float64Array.from(wholes, Number) });
  }
  const lower = min === null ? -Infinity : Number(-floorDivide(-(whole(min) - shift), divisor));
  const upper = max === null ? Infinity : Number(floorDivide(whole(max) - shift, divisor));
  if (farthest > BigInt(Number.MAX_SAFE_INTEGER))
    throw new EngineError(
      'SPACE_INVALID',
      'the numbers of a constraint have more digits together than can be added without rounding',
      { field: `constraints/${source}` },
      'Round its coefficients and limits, or take larger steps.',
    );
  const unit = Number(divisor) / 10 ** scale / share;
  return [{ source, terms: parts, lower, upper, unit, offset: Number(shift) / Number(divisor) }];
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y > 0n) [x, y] = [y, x % y];
  return x;
}
