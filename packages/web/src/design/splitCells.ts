/** Cells of pasted text, line by line: by tabs as spreadsheets copy them, else by semicolons, else by commas. */
export function splitCells(text: string): string[][] {
  const separator = text.includes('\t') ? '\t' : text.includes(';') ? ';' : ',';
  const lines: string[][] = [[]];
  let cell = '';
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]!;
    if (isQuoted) {
      if (letter !== '"') cell += letter;
      else if (text[i + 1] === '"') cell += text[++i]!;
      else isQuoted = false;
    } else if (letter === '"' && cell === '') isQuoted = true;
    else if (letter === separator) {
      lines.at(-1)!.push(cell);
      cell = '';
    } else if (letter === '\n' || letter === '\r') {
      if (letter === '\r' && text[i + 1] === '\n') i++;
      lines.at(-1)!.push(cell);
      cell = '';
      lines.push([]);
    } else cell += letter;
  }
  lines.at(-1)!.push(cell);
  return lines.filter((cells) => cells.some((one) => one.trim() !== ''));
}
