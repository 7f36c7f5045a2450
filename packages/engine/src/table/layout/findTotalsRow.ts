import { plainCharacters } from '../cells/numberForm.ts';
import { parseNumber, plainNotation } from '../cells/numberNotation.ts';
import type { RawCell, RawColumn } from '../rawTable.ts';

export interface TotalsRow {
  /** The word that gives it away. */
  readonly label: string;
  /** Its numbers really are sums or means of the rows above. */
  readonly isProved: boolean;
  readonly what: 'sums' | 'means';
}

const labels =
  /^(?:grand |sub)?(?:totals?|sums?|means?|averages?|avg\.?|gesamt(?:summe)?|summe|mittel(?:wert)?|durchschnitt|moyenne|somme|Σ|∑)\s*:?$/i;

/** Shares of a column's sum by which a total may be off, for rounding. */
const tolerance = 1e-3;

/** Looks at the last row for a line of totals; null when there is none. */
export function findTotalsRow(columns: readonly RawColumn[]): TotalsRow | null {
  const last = (columns[0]?.cells.length ?? 0) - 1;
  if (last < 2) return null;
  let label: string | null = null;
  for (const { cells } of columns) {
    const cell = cells[last]!;
    if (typeof cell === 'string' && labels.test(cell.trim())) {
      label = cell.trim();
      break;
    }
  }
  if (label === null) return null;
  let sums = 0;
  let means = 0;
  let others = 0;
  for (const { cells } of columns) {
    const total = toNumber(cells[last]!);
    if (total === undefined) continue;
    let sum = 0;
    let count = 0;
    for (let i = 0; i < last; i++) {
      const value = toNumber(cells[i]!);
      if (value === undefined) continue;
      sum += value;
      count++;
    }
    if (Math.abs(total - sum) <= tolerance * Math.abs(sum)) sums++;
    else if (count > 0 && Math.abs(total - sum / count) <= tolerance * Math.abs(sum / count)) means++;
    else others++;
  }
  return { label, isProved: sums + means > 0 && others === 0, what: sums >= means ? 'sums' : 'means' };
}

function toNumber(cell: RawCell): number | undefined {
  if (typeof cell === 'number') return cell;
  return typeof cell === 'string' ? parseNumber(plainCharacters(cell), plainNotation) : undefined;
}
