import { inflateRawSync } from 'node:zlib';
import { defaultReadLimits, type InflateRaw, readTable, type Table } from '@athanor/engine';
import type { BlobStore } from '../store/blobs/blobStore.ts';
import type { TableSource } from './tableSource.ts';
import { typeForTargets } from './typeForTargets.ts';

/** Unpacks with a hard limit, so that a small file cannot fill the memory. */
export const inflateRaw: InflateRaw = (bytes, maxOutputBytes) => {
  try {
    return inflateRawSync(bytes, { maxOutputLength: maxOutputBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new RangeError(`more than ${maxOutputBytes} bytes`, { cause: error });
    }
    throw error;
  }
};

/**
 * The table that a source means.
 *
 * @param targets columns that are targets because somebody says so
 * @throws EngineError of reading and typing
 */
export async function readTypedTable(
  blobs: Pick<BlobStore, 'read'>,
  source: TableSource,
  targets: readonly string[] = [],
): Promise<Table> {
  const { hash, fileName, readOptions, overrides } = source;
  const { sheet, decimalMark } = readOptions;
  const raw = await readTable(await blobs.read(hash), {
    fileName,
    limits: defaultReadLimits,
    inflateRaw,
    ...(sheet === undefined ? {} : { sheet }),
    ...(decimalMark === undefined ? {} : { decimalMark }),
  });
  return typeForTargets(raw, overrides, targets);
}
