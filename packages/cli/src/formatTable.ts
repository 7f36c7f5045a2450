export interface TextColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Rows as text in aligned columns, two spaces apart, header first. A row may end early. */
export function formatTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, j) =>
    Math.max(textWidth(column.title), ...rows.map((row) => textWidth(row[j] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, j) => {
        const gap = ' '.repeat(Math.max(0, widths[j]! - textWidth(cell)));
        return columns[j]?.align === 'right' ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)].join('\n');
}

/** Characters as a terminal counts them: combining marks take no place. */
export function textWidth(text: string): number {
  return [...text.replace(/\p{M}/gu, '')].length;
}
