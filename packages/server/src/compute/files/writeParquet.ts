import type { CandidateTable } from '@athanor/engine';
import { parquetWriteBuffer } from 'hyparquet-writer';

/** A table as Parquet: columns of numbers as doubles, of truths as booleans, the rest as text. */
export function writeParquet({ header, rows }: CandidateTable): Uint8Array<ArrayBuffer> {
  const columnData = header.map((name, j) => {
    const cells = rows.map((row) => row[j]!);
    const present = cells.filter((cell) => cell !== null);
    const common = { name, nullable: true };
    if (present.every((cell) => typeof cell === 'boolean') && present.length > 0)
      return { ...common, type: 'BOOLEAN' as const, data: cells };
    if (present.every((cell) => typeof cell === 'number') && present.length > 0)
      return { ...common, type: 'DOUBLE' as const, data: cells };
    return {
      ...common,
      type: 'STRING' as const,
      data: cells.map((cell) => (cell === null ? null : String(cell))),
    };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
