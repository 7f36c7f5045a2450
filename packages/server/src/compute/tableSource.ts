import type { DatasetReadOptions, VariableOverride } from '@athanor/schema';

/** All that says which table is meant: the bytes, how to read them, and what the user said of the columns. */
export interface TableSource {
  /** Blob of the data file. */
  readonly hash: string;
  /** Name for messages. */
  readonly fileName: string;
  readonly readOptions: DatasetReadOptions;
  readonly overrides: readonly VariableOverride[];
}
