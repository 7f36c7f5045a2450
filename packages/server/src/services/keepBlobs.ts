import type { BlobHold, BlobStore } from '../store/blobs/blobStore.ts';
import type { Database } from '../store/database.ts';
import { blobReferences } from '../store/repositories/blobReferences.ts';
import type { Store } from '../store/store.ts';

/**
 * Stores blobs and the records that name them. When `work` fails, e.g. because the build was cancelled meanwhile,
 * the bytes it has stored go again, unless others need them too.
 */
export async function keepBlobs<T>(
  store: Store,
  blobs: BlobStore,
  work: (hold: BlobHold) => Promise<T>,
): Promise<T> {
  const stored: string[] = [];
  try {
    return await blobs.whileHolding((hold) =>
      work({
        put: async (source) => {
          const blob = await hold.put(source);
          stored.push(blob.hash);
          return blob;
        },
      }),
    );
  } catch (error) {
    await removeUnreferenced(store, blobs, stored).catch(() => {
      // The reason for the failure matters more; what stays is removed at the next start.
    });
    throw error;
  }
}

/** @returns how many of the blobs no record named, and are gone now */
export function removeUnreferenced(
  store: Store,
  blobs: BlobStore,
  hashes: Iterable<string> | AsyncIterable<string>,
): Promise<number> {
  return blobs.collectGarbage(hashes, (hash) => blobReferences.exists(store.database, hash));
}

/** Looks through all blobs for those that no record names, e.g. after a crash, as long as `goesOn` says so. */
export async function removeLeftovers(store: Store, blobs: BlobStore, goesOn: () => boolean): Promise<void> {
  // One look at all names; the few blobs that are not among them are looked up again before they go.
  const named = new Set(await blobReferences.list(store.database));
  async function* suspects(): AsyncGenerator<string> {
    for await (const hash of blobs.list()) {
      if (!goesOn()) return;
      if (!named.has(hash)) yield hash;
    }
  }
  await removeUnreferenced(store, blobs, suspects());
}

/** Removes blobs that no record names any more, once the transaction that dropped them is committed. */
export function collectAfterCommit(
  store: Store,
  blobs: BlobStore,
  transaction: Database,
  hashes: readonly string[],
): void {
  if (hashes.length === 0) return;
  store.afterCommit(transaction, () => {
    removeUnreferenced(store, blobs, hashes).catch(() => {
      // They stay until the next start, which looks through all of them.
    });
  });
}
