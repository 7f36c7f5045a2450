import { EngineError } from '../../engineError.ts';

const maxHeaderCharacters = 200;

/**
 * Column names as the table will use them: trimmed, without byte-order mark, line breaks and runs of blanks as one blank.
 * Names that a reader would take for the same (in another case, or in another composition of the same letters) are refused.
 *
 * @param names As found in the file; none of them is blank.
 * @param describe Where the column is, for messages: `column 3` or `column C`.
 * @throws EngineError HEADER_INVALID with both positions.
 */
export function checkHeaders(
  names: readonly string[],
  describe: (column: number) => string,
  row: number,
): string[] {
  const seen = new Map<string, number>();
  return names.map((name, column) => {
    const header = cleanHeader(name);
    if (header.length > maxHeaderCharacters) {
      throw new EngineError(
        'HEADER_INVALID',
        `The name of ${describe(column)} has ${header.length} characters; at most ${maxHeaderCharacters} are allowed.`,
        { row, column: header.slice(0, 100), value: header.slice(0, 100) },
      );
    }
    // Upper case first: the lower case of ẞ and İ would leave traces.
    const folded = header.normalize('NFC').toUpperCase().toLowerCase();
    const other = seen.get(folded);
    if (other !== undefined) {
      throw new EngineError(
        'HEADER_INVALID',
        `The names of ${describe(other)} (${JSON.stringify(cleanHeader(names[other]!))}) and ${describe(column)} ` +
          `(${JSON.stringify(header)}) are the same.`,
        { row, column: header, value: header.slice(0, 100) },
      );
    }
    seen.set(folded, column);
    return header;
  });
}

/** Trimmed, without byte-order mark, runs of blanks and line breaks as one blank. */
export function cleanHeader(name: string): string {
  return name
    .replace(/\ufeff/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
