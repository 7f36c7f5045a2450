import { plainCharacters, readNumberForm } from '../cells/numberForm.ts';

const candidates = [',', ';', '\t', '|'] as const;

/** Lines that are looked at. */
const sampleLines = 100;

/**
 * Finds the delimiter by what it does to the first lines: it has to cut most of them into the same number of cells, two at
 * least. Of several that do, the one whose cells are more often numbers or plain words wins, so that `1,5;2,5` is two
 * decimals and not three integers. Without any, the table has one column, and a comma does no harm.
 */
export function detectDelimiter(text: string): string {
  const lines = sample(text);
  // One column of numbers: marks in them cut nothing, because the name above has nothing to cut.
  const [name, ...values] = lines;
  const isOneName = name !== undefined && !candidates.some((delimiter) => name.includes(delimiter));
  if (isOneName && values.length > 0 && values.every((line) => readNumberForm(plainCharacters(line)) !== 0))
    return candidates.find((delimiter) => !values.some((line) => line.includes(delimiter)))!;
  let best: string = ',';
  let bestScore = 0;
  for (const delimiter of candidates) {
    const rows = lines.map((line) => splitLine(line, delimiter));
    const score = judge(rows);
    if (score > bestScore) {
      best = delimiter;
      bestScore = score;
    }
  }
  return best;
}

function sample(text: string): string[] {
  // Enough for the lines of any sensible table; longer ones are cut, which only makes the sample smaller.
  const head = text.slice(0, 200_000);
  const lines = head.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  if (head.length < text.length && lines.length > 1) lines.pop();
  return lines.slice(0, sampleLines);
}

/** Cells of a line, quotes respected as far as they close within it. */
function splitLine(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at <= line.length; at++) {
    const character = line[at];
    if (character === '"' && (isQuoted || at === start)) isQuoted = !isQuoted;
    if (at === line.length || (character === delimiter && !isQuoted)) {
      cells.push(line.slice(start, at));
      start = at + 1;
    }
  }
  return cells;
}

/** Share of lines with the usual number of cells, times the share of clean cells; 0 when the delimiter cuts nothing. */
function judge(rows: readonly string[][]): number {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  let width = 1;
  let usual = 0;
  for (const [length, count] of counts) {
    if (length > 1 && (count > usual || (count === usual && length > width))) {
      width = length;
      usual = count;
    }
  }
  if (width === 1) return 0;
  let clean = 0;
  let total = 0;
  for (const row of rows) {
    if (row.length !== width) continue;
    for (const cell of row) {
      const text = plainCharacters(cell);
      total++;
      // A cell with another delimiter in it was probably cut in the wrong place, unless it is a number with a comma.
      if (text === '' || readNumberForm(text) !== 0 || text.startsWith('"') || !/[,;\t|]/.test(text)) clean++;
    }
  }
  return (usual / rows.length) * (clean / total);
}
