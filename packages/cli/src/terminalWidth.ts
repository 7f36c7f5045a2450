/**
 * Characters that fit on a line of where text goes: the terminal's, else COLUMNS, else 100. Never below 60, where no
 * table can be read any more.
 */
export function terminalWidth(stream: { readonly columns?: number | undefined }): number {
  const wanted = stream.columns ?? Number(process.env['COLUMNS'] ?? '');
  return Math.max(60, wanted > 0 ? wanted : 100);
}
