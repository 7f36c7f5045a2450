import type { Readable } from 'node:stream';

/** Bytes under the hexadecimal SHA-256 of themselves. */
export interface Blob {
  readonly hash: string;
  /** Bytes. */
  readonly size: number;
}

/** Stores bytes; what it has stored stays at least until the `whileHolding` it belongs to has ended. */
export interface BlobHold {
  /**
   * @param source Bytes, or a stream of them.
   * @throws whatever the source throws; nothing is left behind then.
   */
  put(source: Uint8Array | AsyncIterable<Uint8Array>): Promise<Blob>;
}

/** A blob is missing or its bytes are not those that were stored. */
export class BlobDamagedError extends Error {
  readonly hash: string;

  constructor(hash: string, trouble: string) {
    super(`blob ${hash} ${trouble}`);
    this.name = 'BlobDamagedError';
    this.hash = hash;
  }
}

/**
 * Where bytes live: uploaded files, artifacts, results of fits. Content-addressed, so equal bytes are stored once
 * and nothing is ever overwritten. Bytes that no record names are garbage and go away by `collectGarbage`.
 */
export interface BlobStore {
  /**
   * Runs `work`, in which blobs are stored and then named by records in one transaction. `put` returns once the
   * bytes would survive a power cut, so the record can be committed right after.
   */
  whileHolding<T>(work: (hold: BlobHold) => Promise<T>): Promise<T>;
  /**
   * The bytes, verified against their hash.
   * @throws BlobDamagedError when they are missing or have changed.
   */
  read(hash: string): Promise<Uint8Array>;
  /**
   * A stream of the bytes, which have been verified before the first of them is given out.
   * @throws BlobDamagedError when they are missing or have changed.
   */
  openVerified(hash: string): Promise<Readable>;
  /** Hashes of everything stored. */
  list(): AsyncIterable<string>;
  /**
   * Removes those of `candidates` that are not held and of which `isReferenced` says no.
   * @returns how many were removed
   */
  collectGarbage(
    candidates: Iterable<string> | AsyncIterable<string>,
    isReferenced: (hash: string) => Promise<boolean>,
  ): Promise<number>;
}
