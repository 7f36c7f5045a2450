/**
 * A number as it is written: digits * 10^-scale. The shortest text that a double prints as is what the user typed, so
 * sums and products of these are those of the user's numbers, without rounding: 0.1 + 0.2 is 0.3.
 */
export interface Decimal {
  readonly digits: bigint;
  /** >= 0 */
  readonly scale: number;
}

export const zero: Decimal = { digits: 0n, scale: 0 };

/** The decimal that a finite double prints as. @throws RangeError for others */
export function decimalOf(value: number): Decimal {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no decimal`);
  const [mantissa, exponent] = String(value).split('e') as [string, string | undefined];
  const [whole, fraction = ''] = mantissa.split('.') as [string, string | undefined];
  const scale = fraction.length - Number(exponent ?? 0);
  const digits = BigInt(whole + fraction);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

/** Digits of `value` at a scale at least its own. */
export function digitsAt({ digits, scale }: Decimal, wanted: number): bigint {
  return digits * 10n ** BigInt(wanted - scale);
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { digits: digitsAt(a, scale) + digitsAt(b, scale), scale };
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, scale: a.scale + b.scale };
}

export function subtractDecimals(a: Decimal, b: Decimal): Decimal {
  return addDecimals(a, { ...b, digits: -b.digits });
}

/** Negative, zero or positive as a is less than, equal to or greater than b. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const { digits } = subtractDecimals(a, b);
  return digits < 0n ? -1 : digits > 0n ? 1 : 0;
}

/** The double nearest to a decimal. */
export function numberOf({ digits, scale }: Decimal): number {
  return Number(`${digits}e-${scale}`);
}

/** Greatest whole number at most a / b, b > 0. */
export function floorOfQuotient(a: Decimal, b: Decimal): bigint {
  const scale = Math.max(a.scale, b.scale);
  return floorDivide(digitsAt(a, scale), digitsAt(b, scale));
}

/** Least whole number at least a / b, b > 0. */
export function ceilingOfQuotient(a: Decimal, b: Decimal): bigint {
  return -floorOfQuotient({ ...a, digits: -a.digits }, b);
}

/** Greatest whole number at most a / b, b > 0. */
export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}
