import type { CellValue } from '@athanor/schema';
import { formatDate, isDateUnit } from './formatDate.ts';
import { formatNumber } from './formatNumber.ts';

/** A cell as its column means it: a date as a date, a number as it was set, a dash for a gap. */
export function formatValue(
  value: CellValue | undefined,
  unit: string | null | undefined,
  digits: number,
): string {
  if (value === null || value === undefined) return '–';
  if (typeof value !== 'number') return String(value);
  return isDateUnit(unit) ? formatDate(value) : formatNumber(value, digits, { isExact: true });
}
