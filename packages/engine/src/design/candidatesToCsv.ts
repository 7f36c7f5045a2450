import type { DesignPayload } from '@athanor/schema';
import { candidatesToTable } from './candidatesToTable.ts';

/** The candidates of a design as text (RFC 4180). */
export function candidatesToCsv(payload: DesignPayload): string {
  const { header, rows } = candidatesToTable(payload);
  return `${[header, ...rows].map((cells) => cells.map(toCell).join(',')).join('\n')}\n`;
}

/** Quotes where needed; text that a spreadsheet would run as a formula gets an apostrophe in front. */
function toCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const isFormula = /^[\s\u00a0]*[=+\-@\t\r\n]/.test(value) && !Number.isFinite(Number(value));
  const safe = isFormula ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
