import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { faultPoint } from '../observe/faultPoint.ts';
import { type BlobStore } from './blobs/blobStore.ts';
import { FileBlobStore } from './blobs/fileBlobStore.ts';
import { openSqliteStore, StoreLockedError } from './openSqliteStore.ts';
import type { Store } from './store.ts';
import { writeDurably } from './writeDurably.ts';

/** Another server has the data directory. */
export class DataDirectoryInUseError extends Error {
  /** Process that holds it; null when it could not be told. */
  readonly pid: number | null;

  constructor(folder: string, pid: number | null) {
    super(
      `${folder} is in use by another Athanor server${pid === null ? '' : ` (process ${pid})`}; ` +
        'stop that one first or choose another data directory',
    );
    this.name = 'DataDirectoryInUseError';
    this.pid = pid;
  }
}

/** The credential that the first start makes, as it lies in `credentials.json`. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What tells other processes of this machine where the server is, while it runs. */
export interface ServerNote {
  readonly pid: number;
  /** Null until it listens. */
  readonly url: string | null;
}

/** The folder of one server: database, blobs, secrets. Belongs to one process while open. */
export interface DataDirectory {
  readonly store: Store;
  readonly blobs: BlobStore;
  /** 256 bits, made at the first start; signs tokens and addresses. */
  readonly signingKey: Uint8Array;
  /** Null when the operator has taken the file away. */
  readonly credentials: Credentials | null;
  /** Makes the credential of the first administrator and leaves it where only the owner of the folder can read it. */
  makeCredentials(): Promise<Credentials>;
  writeNote(note: ServerNote): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the folder, or makes it. Every step can be cut off at any moment and is completed by the next start.
 * @throws DataDirectoryInUseError within two seconds while another server has it.
 * @throws Error when its database is damaged or from a newer version.
 */
export async function openDataDirectory(folder: string): Promise<DataDirectory> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Never remove anything before the lock is ours.
  const store = await openLocked(folder);
  try {
    const blobs = join(folder, 'blobs');
    const temporary = join(folder, 'temporary');
    const notePath = join(folder, 'server.json');
    const writeNote = async (note: ServerNote) => writeDurably(notePath, `${JSON.stringify(note)}\n`);
    await writeNote({ pid: process.pid, url: null });
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary, { mode: 0o700 });
    await mkdir(blobs, { recursive: true, mode: 0o700 });
    return {
      store,
      blobs: new FileBlobStore(blobs, temporary),
      signingKey: await readOrMakeKey(join(folder, 'signing.key')),
      credentials: await readCredentials(join(folder, 'credentials.json')),
      makeCredentials: async () => {
        const credentials = {
          clientId: `athanor-${randomBytes(6).toString('hex')}`,
          clientSecret: randomBytes(32).toString('base64url'),
        };
        await writeDurably(join(folder, 'credentials.json'), `${JSON.stringify(credentials, null, 2)}\n`);
        faultPoint('firstStart.credentials');
        return credentials;
      },
      writeNote,
      close: async () => {
        await rm(notePath, { force: true });
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Where the server of this folder is, when one has it open. */
export async function readServerNote(folder: string): Promise<ServerNote | null> {
  try {
    const note = JSON.parse(await readFile(join(folder, 'server.json'), 'utf8')) as ServerNote;
    return isAlive(note.pid) ? note : null;
  } catch {
    return null;
  }
}

async function openLocked(folder: string): Promise<Store> {
  try {
    return await openSqliteStore(join(folder, 'athanor.sqlite'));
  } catch (error) {
    if (!(error instanceof StoreLockedError)) throw error;
    throw new DataDirectoryInUseError(folder, (await readServerNote(folder))?.pid ?? null);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function readOrMakeKey(path: string): Promise<Uint8Array> {
  const present = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (present === null) {
    const key = randomBytes(32);
    await writeDurably(path, `${key.toString('hex')}\n`);
    return key;
  }
  if (!/^[0-9a-f]{64}\n?$/.test(present))
    throw new Error(`${path} is not a signing key; remove it to sign anew`);
  await chmod(path, 0o600);
  return Buffer.from(present.trim(), 'hex');
}

async function readCredentials(path: string): Promise<Credentials | null> {
  try {
    const { clientId, clientSecret } = JSON.parse(await readFile(path, 'utf8')) as Credentials;
    if (typeof clientId === 'string' && typeof clientSecret === 'string') return { clientId, clientSecret };
    throw new TypeError('clientId and clientSecret are missing');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
