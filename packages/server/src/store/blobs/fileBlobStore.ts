import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, unlinkSync } from 'node:fs';
import { mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { faultPoint } from '../../observe/faultPoint.ts';
import { syncFolder } from '../syncFolder.ts';
import { type Blob, BlobDamagedError, type BlobHold, type BlobStore } from './blobStore.ts';

/** Blobs up to this size are verified in memory; larger ones are read twice. */
const inMemoryBytes = 16 * 1024 * 1024;

/**
 * Blobs as files `blobs/ab/abcdef…`, for one owning process. A blob is written to `temporary/`, synced, renamed, and
 * its folder synced: at any moment it is wholly there or not at all.
 */
export class FileBlobStore implements BlobStore {
  readonly #folder: string;
  readonly #temporary: string;
  /** How many holds each blob is in. */
  readonly #held = new Map<string, number>();

  /** Both folders must be on one file system. */
  constructor(folder: string, temporary: string) {
    this.#folder = folder;
    this.#temporary = temporary;
  }

  async whileHolding<T>(work: (hold: BlobHold) => Promise<T>): Promise<T> {
    const held: string[] = [];
    try {
      return await work({
        put: (source) =>
          this.#put(source, (hash) => {
            held.push(hash);
            this.#held.set(hash, (this.#held.get(hash) ?? 0) + 1);
          }),
      });
    } finally {
      for (const hash of held) {
        const count = this.#held.get(hash)! - 1;
        if (count === 0) this.#held.delete(hash);
        else this.#held.set(hash, count);
      }
    }
  }

  async read(hash: string): Promise<Uint8Array> {
    const bytes = await readFile(this.#pathOf(hash)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') throw new BlobDamagedError(hash, 'is missing');
      throw error;
    });
    if (createHash('sha256').update(bytes).digest('hex') !== hash) {
      throw new BlobDamagedError(hash, 'has changed on disk');
    }
    // A plain array: `slice` of a Buffer gives a view where everybody else gives a copy.
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  async openVerified(hash: string): Promise<Readable> {
    const path = this.#pathOf(hash);
    const found = await stat(path).catch(() => null);
    if (found === null) throw new BlobDamagedError(hash, 'is missing');
    if (found.size <= inMemoryBytes) {
      return Readable.from([await this.read(hash)], { objectMode: false });
    }
    const digest = createHash('sha256');
    for await (const chunk of createReadStream(path)) digest.update(chunk as Buffer);
    if (digest.digest('hex') !== hash) throw new BlobDamagedError(hash, 'has changed on disk');
    return createReadStream(path);
  }

  async *list(): AsyncIterable<string> {
    for (const prefix of await readdir(this.#folder)) {
      for (const name of await readdir(join(this.#folder, prefix))) {
        if (/^[0-9a-f]{64}$/.test(name)) yield name;
      }
    }
  }

  async collectGarbage(
    candidates: Iterable<string> | AsyncIterable<string>,
    isReferenced: (hash: string) => Promise<boolean>,
  ): Promise<number> {
    let removed = 0;
    for await (const hash of candidates) {
      if (this.#held.has(hash) || (await isReferenced(hash))) continue;
      // No waiting between this look and the removal: a `put` of the same bytes takes its hold first.
      if (this.#held.has(hash)) continue;
      try {
        unlinkSync(this.#pathOf(hash));
        removed += 1;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
      faultPoint('garbage.midway');
    }
    return removed;
  }

  async #put(source: Uint8Array | AsyncIterable<Uint8Array>, hold: (hash: string) => void): Promise<Blob> {
    const temporary = join(this.#temporary, randomUUID());
    const digest = createHash('sha256');
    let size = 0;
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        for await (const chunk of source instanceof Uint8Array ? [source] : source) {
          digest.update(chunk);
          size += chunk.length;
          await file.writeFile(chunk);
        }
        faultPoint('blob.written');
        await file.sync();
      } finally {
        await file.close();
      }
      faultPoint('blob.synced');
      const hash = digest.digest('hex');
      hold(hash);
      const path = this.#pathOf(hash);
      const folder = join(this.#folder, hash.slice(0, 2));
      if ((await mkdir(folder, { recursive: true })) !== undefined) await syncFolder(this.#folder);
      // Equal bytes that are there already are replaced by themselves, which also repairs them.
      await rename(temporary, path);
      faultPoint('blob.renamed');
      await syncFolder(folder);
      return { hash, size };
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  #pathOf(hash: string): string {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new TypeError(`not a blob hash: ${hash}`);
    return join(this.#folder, hash.slice(0, 2), hash);
  }
}
