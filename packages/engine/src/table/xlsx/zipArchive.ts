import { EngineError } from '../../engineError.ts';
import { crc32 } from '../crc32.ts';
import type { InflateRaw } from '../readOptions.ts';
import type { ZipEntry } from './zipDirectory.ts';

/** The parts of a zip archive, unpacked on demand; the bytes really unpacked count against one budget. */
export class ZipArchive {
  readonly #bytes: Uint8Array;
  readonly #entries: ReadonlyMap<string, ZipEntry>;
  readonly #inflateRaw: InflateRaw;

  constructor(bytes: Uint8Array, entries: ReadonlyMap<string, ZipEntry>, inflateRaw: InflateRaw) {
    this.#bytes = bytes;
    this.#entries = entries;
    this.#inflateRaw = inflateRaw;
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /**
   * The unpacked bytes of a part, or null when there is no such part. The directory's sizes have been summed up and
   * checked against the limit, and no part may come out longer than it claims; so the limit holds for real bytes too.
   *
   * @throws EngineError FILE_DAMAGED or FILE_UNPACKS_TOO_LARGE.
   */
  read(name: string): Uint8Array | null {
    const entry = this.#entries.get(name);
    if (entry === undefined) return null;
    const packed = this.#bytes.subarray(entry.dataOffset, entry.dataOffset + entry.packedBytes);
    const unpacked = this.#unpack(entry, packed);
    if (unpacked.length !== entry.unpackedBytes)
      throw damaged(entry, `is ${unpacked.length} bytes long and not ${entry.unpackedBytes}`);
    if (crc32(unpacked) !== entry.crc) throw damaged(entry, 'does not have the bytes it was saved with');
    return unpacked;
  }

  #unpack(entry: ZipEntry, packed: Uint8Array): Uint8Array {
    if (entry.method === 0) return packed;
    if (entry.method !== 8) throw damaged(entry, `is packed by the unknown method ${entry.method}`);
    try {
      // A limit of zero is not a limit everywhere; the length is compared afterwards.
      return this.#inflateRaw(packed, Math.max(1, entry.unpackedBytes));
    } catch (error) {
      if (error instanceof RangeError) {
        throw new EngineError(
          'FILE_UNPACKS_TOO_LARGE',
          `The part ${entry.name} unpacks to more than the ${entry.unpackedBytes} bytes it claims.`,
        );
      }
      throw damaged(entry, 'cannot be unpacked');
    }
  }
}

function damaged(entry: ZipEntry, what: string): EngineError {
  return new EngineError(
    'FILE_DAMAGED',
    `The file is damaged: its part ${entry.name} (at byte ${entry.dataOffset}) ${what}.`,
  );
}
