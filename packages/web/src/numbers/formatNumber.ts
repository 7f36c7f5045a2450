/**
 * A number with as many digits as a chemist wants to read: `digits` significant ones, no exponent between 1e-4 and
 * 1e6, a proper minus sign. With `isExact` trailing zeros go, as for a value that somebody has set.
 */
export function formatNumber(
  value: number | null | undefined,
  digits = 3,
  { isExact = false }: { isExact?: boolean } = {},
): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e6) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split('e') as [string, string];
    return `${withMinus(isExact ? dropZeros(mantissa) : mantissa)}e${withMinus(exponent.replace('+', ''))}`;
  }
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  const text = value.toFixed(Math.min(decimals, 10));
  return withMinus(isExact ? dropZeros(text) : text);
}

function dropZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function withMinus(text: string): string {
  return text.replace('-', '−');
}
