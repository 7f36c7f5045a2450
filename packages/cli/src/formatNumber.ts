/**
 * A number with as many digits as a chemist wants to read: `digits` significant ones, no exponent between 1e-4 and
 * 1e6, no trailing zeros lost (5.40 stays 5.40 so that columns line up).
 */
export function formatNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e6) return value.toExponential(digits - 1);
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return value.toFixed(Math.min(decimals, 10));
}
