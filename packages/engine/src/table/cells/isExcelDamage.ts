import type { CellContext } from './cellContext.ts';
import { looksLikeDate, looksLikeExcelDate } from './dates.ts';

/**
 * Whether a cell among numbers is what a spreadsheet made of one: `1-Mar` was 1-3 or 1.3. In a workbook such cells are dates by
 * type, and come as ISO text.
 */
export function isExcelDamage(text: string, context: CellContext): boolean {
  return looksLikeExcelDate(text) || (context.isTyped && looksLikeDate(text));
}
