import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BlobDamagedError, type BlobStore } from './blobStore.ts';
import { FileBlobStore } from './fileBlobStore.ts';

interface OpenedStore {
  readonly store: BlobStore;
  /** Changes one stored byte behind the store's back. */
  readonly damage: (hash: string) => Promise<void>;
  /** How many things are stored, unfinished ones included. */
  readonly countObjects: () => Promise<number>;
}

/** What every blob store promises. An object store is one more line here. */
const stores: readonly { name: string; open: (folder: string) => Promise<OpenedStore> }[] = [
  {
    name: 'files',
    open: async (folder) => {
      const [blobs, temporary] = [join(folder, 'blobs'), join(folder, 'temporary')];
      for (const one of [blobs, temporary]) await mkdir(one);
      const path = (hash: string) => join(blobs, hash.slice(0, 2), hash);
      return {
        store: new FileBlobStore(blobs, temporary),
        damage: async (hash) => {
          const bytes = await readFile(path(hash));
          bytes[Math.floor(bytes.length / 2)]! ^= 1;
          await writeFile(path(hash), bytes);
        },
        countObjects: async () =>
          (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
            .length,
      };
    },
  },
];

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe.each(stores)('a blob store of $name', ({ open }) => {
  let folder: string;
  let store: BlobStore;
  let opened: OpenedStore;
  const put = (bytes: Uint8Array) => store.whileHolding((hold) => hold.put(bytes));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'athanor-blobs-'));
    opened = await open(folder);
    store = opened.store;
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('gives back the bytes under their SHA-256', async () => {
    for (const size of [0, 1, 1000, 20 * 1024 * 1024]) {
      const bytes = randomBytes(size);
      const blob = await put(bytes);
      expect(blob).toEqual({ hash: sha256(bytes), size });
      expect(bytes.equals(await store.read(blob.hash))).toBe(true);
      expect((await buffer(await store.openVerified(blob.hash))).equals(bytes)).toBe(true);
    }
  });

  it('stores equal bytes once, and repairs damaged ones when they come again', async () => {
    const bytes = randomBytes(100);
    const { hash } = await put(bytes);
    await put(bytes);
    expect(await opened.countObjects()).toBe(1);
    await opened.damage(hash);
    await put(bytes);
    expect(bytes.equals(await store.read(hash))).toBe(true);
  });

  it('never gives out a changed byte', async () => {
    for (const size of [1, 1000, 20 * 1024 * 1024]) {
      const { hash } = await put(randomBytes(size));
      await opened.damage(hash);
      await expect(store.read(hash)).rejects.toThrow(BlobDamagedError);
      await expect(store.openVerified(hash)).rejects.toThrow(BlobDamagedError);
    }
    await expect(store.read(sha256(Buffer.from('never stored')))).rejects.toThrow('is missing');
  });

  it('leaves nothing behind when the source fails', async () => {
    async function* source(): AsyncGenerator<Uint8Array> {
      yield randomBytes(1000);
      throw new Error('the client went away');
    }
    await expect(store.whileHolding((hold) => hold.put(source()))).rejects.toThrow('went away');
    expect(await opened.countObjects()).toBe(0);
  });

  it('removes what nobody references, and nothing that is held', async () => {
    const [kept, dropped, held] = [
      await put(Buffer.from('kept')),
      await put(Buffer.from('dropped')),
      Buffer.from('held'),
    ];
    const isReferenced = async (hash: string) => hash === kept.hash;
    await store.whileHolding(async (hold) => {
      const { hash } = await hold.put(held);
      expect(await store.collectGarbage(store.list(), isReferenced)).toBe(1);
      expect(held.equals(await store.read(hash))).toBe(true);
    });
    await expect(store.read(dropped.hash)).rejects.toThrow('is missing');
    expect(await store.collectGarbage(store.list(), isReferenced)).toBe(1);
    expect(await opened.countObjects()).toBe(1);
  });

  it('keeps bytes that are stored again while they are looked at as garbage', async () => {
    const bytes = randomBytes(10);
    const { hash } = await put(bytes);
    let release = () => {};
    const looking = new Promise<void>((resolve) => (release = resolve));
    const collection = store.collectGarbage([hash], async () => {
      await looking;
      return false;
    });
    await store.whileHolding(async (hold) => {
      await hold.put(bytes);
      release();
      expect(await collection).toBe(0);
    });
    expect(bytes.equals(await store.read(hash))).toBe(true);
  });
});
