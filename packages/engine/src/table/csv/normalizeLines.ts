import { EngineError } from '../../engineError.ts';

export interface NormalizedLines {
  /** The text with `\n` as the one line end outside quoted cells. */
  readonly text: string;
  /** Some quoted cell goes over several lines, so records and lines of the file are not the same. */
  readonly hasQuotedBreaks: boolean;
}

const lineEnds = /\r\n?/g;

/**
 * Checks that every quoted cell is closed and followed by a delimiter or the end of its row, and makes all line ends
 * outside quotes equal; inside quotes a cell keeps its characters. One pass.
 *
 * @throws EngineError QUOTE_UNCLOSED with the row where the quote opened.
 */
export function normalizeLines(text: string, delimiter: string): NormalizedLines {
  const hasReturns = text.includes('\r');
  let quote = text.indexOf('"');
  if (quote < 0) return { text: hasReturns ? text.replace(lineEnds, '\n') : text, hasQuotedBreaks: false };
  const pieces: string[] = [];
  let done = 0;
  let hasQuotedBreaks = false;
  while (quote >= 0) {
    const before = quote === 0 ? '\n' : text[quote - 1]!;
    if (before !== delimiter && before !== '\n' && before !== '\r') {
      // A quote inside a cell that did not begin with one is a character like any other: 5" pipe.
      quote = text.indexOf('"', quote + 1);
      continue;
    }
    const end = findClosingQuote(text, quote);
    if (end < 0) throw unclosed(text, quote, 'is never closed');
    let after = end + 1;
    while (text[after] === ' ') after++;
    const next = text[after];
    if (next !== undefined && next !== delimiter && next !== '\n' && next !== '\r')
      throw unclosed(text, quote, `is followed by ${JSON.stringify(text.slice(after, after + 10))}`);
    if (!hasQuotedBreaks) {
      const lineEnd = text.slice(quote, end).search(/[\r\n]/);
      hasQuotedBreaks = lineEnd >= 0;
    }
    if (hasReturns) {
      pieces.push(text.slice(done, quote).replace(lineEnds, '\n'), text.slice(quote, end + 1));
      done = end + 1;
    }
    quote = text.indexOf('"', end + 1);
  }
  if (!hasReturns) return { text, hasQuotedBreaks };
  pieces.push(text.slice(done).replace(lineEnds, '\n'));
  return { text: pieces.join(''), hasQuotedBreaks };
}

/** Position of the quote that closes the cell; doubled quotes belong to it. */
function findClosingQuote(text: string, open: number): number {
  let at = text.indexOf('"', open + 1);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

function unclosed(text: string, quote: number, what: string): EngineError {
  const row = text.slice(0, quote).split(/\r\n?|\n/).length;
  const value = text.slice(quote, quote + 100);
  return new EngineError('QUOTE_UNCLOSED', `The quoted cell that opens in row ${row} ${what}.`, {
    row,
    value,
  });
}
