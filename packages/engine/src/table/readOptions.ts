/** What reading is allowed to cost; a file beyond a limit is refused before memory is spent on it. */
export interface ReadLimits {
  readonly maxRows: number;
  readonly maxColumns: number;
  readonly maxCellCharacters: number;
  /** Rows times columns. */
  readonly maxCells: number;
  /** Sum of all unpacked parts of a compressed file. */
  readonly maxUnpackedBytes: number;
}

export const defaultReadLimits: ReadLimits = {
  maxRows: 1_000_000,
  maxColumns: 2_000,
  maxCellCharacters: 32_767,
  maxCells: 20_000_000,
  maxUnpackedBytes: 1_073_741_824,
};

/**
 * Raw DEFLATE with a hard limit on the output; the server passes node:zlib.
 * @throws RangeError when the output would exceed `maxOutputBytes`; any other error when the stream is damaged.
 */
export type InflateRaw = (bytes: Uint8Array, maxOutputBytes: number) => Uint8Array;

export interface ReadOptions {
  /** Name the file was uploaded under; used in messages, never to decide what the bytes are. */
  readonly fileName: string;
  readonly limits: ReadLimits;
  readonly inflateRaw: InflateRaw;
  /** Sheet of a workbook, when there are several. */
  readonly sheet?: string;
  /** Decimal mark, when it cannot be told from the cells. */
  readonly decimalMark?: '.' | ',';
}
