import type { InputColumn, Inputs } from '../models/inputs.ts';
import type { NumericColumn } from '../table/column.ts';

/** Share of the total by which a row may miss it and still count as closed: 100 +- 0.5. */
const tolerance = 0.005;
/** Share of the rows that must close before the table counts as one of compositions. */
const minClosedShare = 0.8;

type AmountColumn = InputColumn & { readonly column: NumericColumn };

/**
 * The total that the amounts of a table add up to, 100 or 1, with missing cells taken as none used; null when there
 * are fewer than two amounts or less than four fifths of the rows close.
 */
export function findClosure(inputs: Inputs): number | null {
  const amounts = inputs.columns.filter(isAmountColumn);
  if (amounts.length < 2) return null;
  const sums = sumAmounts(amounts, inputs.rowCount);
  for (const total of [100, 1]) {
    const closed = sums.reduce((count, sum) => count + (isClosed(sum, total) ? 1 : 0), 0);
    if (closed >= minClosedShare * inputs.rowCount) return total;
  }
  return null;
}

/**
 * Missing amounts are zero where a row closes to `total` without them. Rows that do not close keep their missing
 * cells and are listed: nobody can say what is in them.
 */
export function closeAmounts(inputs: Inputs, total: number): { inputs: Inputs; openRows: Int32Array } {
  const amounts = inputs.columns.filter(isAmountColumn);
  const sums = sumAmounts(amounts, inputs.rowCount);
  const isIncomplete = (i: number): boolean => amounts.some(({ column }) => Number.isNaN(column.values[i]!));
  const openRows: number[] = [];
  for (let i = 0; i < inputs.rowCount; i++)
    if (isIncomplete(i) && !isClosed(sums[i]!, total)) openRows.push(i);
  const columns = inputs.columns.map((input): InputColumn => {
    if (!isAmountColumn(input)) return input;
    const values = input.column.values.map((value, i) =>
      Number.isNaN(value) && isClosed(sums[i]!, total) ? 0 : value,
    );
    return { ...input, column: { ...input.column, values } };
  });
  return { inputs: { ...inputs, columns }, openRows: Int32Array.from(openRows) };
}

function isAmountColumn(input: InputColumn): input is AmountColumn {
  return input.isAmount && input.column.kind === 'numeric';
}

function isClosed(sum: number, total: number): boolean {
  return Math.abs(sum - total) <= closureSlack(total);
}

/** How far from the total a sum may be: a hair more than the tolerance, so that 99.5 as a sum of decimals still counts. */
export function closureSlack(total: number): number {
  return tolerance * total * (1 + 1e-9);
}

/** Sum of the amounts present in each row [n]. */
function sumAmounts(amounts: readonly AmountColumn[], rowCount: number): Float64Array {
  const sums = new Float64Array(rowCount);
  for (const { column } of amounts)
    for (let i = 0; i < rowCount; i++) if (!Number.isNaN(column.values[i]!)) sums[i]! += column.values[i]!;
  return sums;
}
