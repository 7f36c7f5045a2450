/** Rows of cells as delimited text in UTF-8 (RFC 4180), cells quoted where they have to be. */
export function writeDelimited(
  rows: readonly (readonly string[])[],
  delimiter: string,
): Uint8Array<ArrayBuffer> {
  const quote = (cell: string): string =>
    cell.includes(delimiter) || /["\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  const lines = rows.map((cells) => cells.map(quote).join(delimiter));
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}
