import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { FileBlobStore } from '../store/blobs/fileBlobStore.ts';
import { openSqliteStore, StoreLockedError } from '../store/openSqliteStore.ts';
import { readServerNote } from '../store/openDataDirectory.ts';
import { blobReferences } from '../store/repositories/blobReferences.ts';
import type { Store } from '../store/store.ts';

/** What was looked at, how it is, and what to do about it. */
export interface Finding {
  readonly isFine: boolean;
  readonly subject: string;
  readonly detail: string;
  /** Null when nothing needs to be done. */
  readonly fix: string | null;
}

/** Less free space than this is a fault waiting to happen. */
const wantedFreeBytes = 1024 ** 3;
const secretFiles = ['credentials.json', 'signing.key', 'athanor.sqlite'];

/**
 * Looks at the installation and at a data directory, every stored byte included, and changes nothing. The database
 * and the blobs are looked at only while no server has them open.
 */
export async function examineInstallation(dataDirectory: string): Promise<Finding[]> {
  const findings = [examineNode()];
  const folder = await stat(dataDirectory).catch(() => null);
  if (folder === null) {
    return [
      ...findings,
      fine('data directory', `${dataDirectory} does not exist yet; the first start makes it`),
    ];
  }
  findings.push(await examineAccess(dataDirectory), await examineSpace(dataDirectory));
  for (const name of secretFiles) findings.push(...(await examineMode(dataDirectory, name)));
  findings.push(...(await examineData(dataDirectory)));
  return findings;
}

function examineNode(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 24) return fine('Node', process.version);
  return fault('Node', `${process.version} is too old`, 'Run inside the clone with npx, or install Node 24.');
}

async function examineAccess(folder: string): Promise<Finding> {
  try {
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return fine('data directory', folder);
  } catch {
    return fault(
      'data directory',
      `${folder} cannot be read and written`,
      'Change its owner or its permissions.',
    );
  }
}

async function examineSpace(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const detail = `${((bavail * bsize) / 1024 ** 3).toFixed(1)} GB free`;
  if (bavail * bsize >= wantedFreeBytes) return fine('disk', detail);
  return fault('disk', detail, 'Free space: without it nothing new can be stored.');
}

async function examineMode(folder: string, name: string): Promise<Finding[]> {
  const found = await stat(join(folder, name)).catch(() => null);
  if (found === null || process.platform === 'win32') return [];
  const mode = (found.mode & 0o777).toString(8);
  if ((found.mode & 0o077) === 0) return [fine(name, `readable by its owner only (${mode})`)];
  return [fault(name, `others can read it (${mode})`, `chmod 600 ${join(folder, name)}`)];
}

async function examineData(folder: string): Promise<Finding[]> {
  const path = join(folder, 'athanor.sqlite');
  if ((await stat(path).catch(() => null)) === null) return [fine('database', 'none yet')];
  let store: Store;
  try {
    store = await openSqliteStore(path);
  } catch (error) {
    if (!(error instanceof StoreLockedError)) {
      return [fault('database', (error as Error).message, 'Restore the folder from a backup.')];
    }
    const note = await readServerNote(folder);
    const where =
      note === null ? 'another process has it open' : `process ${note.pid} serves it at ${note.url}`;
    return [fine('database', `${where}; stop it to have every stored byte checked`)];
  }
  try {
    return [fine('database', 'intact'), await examineBlobs(folder, store)];
  } finally {
    await store.close();
  }
}

async function examineBlobs(folder: string, store: Store): Promise<Finding> {
  const blobs = new FileBlobStore(join(folder, 'blobs'), join(folder, 'temporary'));
  const damaged: string[] = [];
  const seen = new Set<string>();
  for await (const hash of blobs.list()) {
    seen.add(hash);
    await blobs.read(hash).catch(() => damaged.push(hash));
  }
  const missing = (await blobReferences.list(store.database)).filter((hash) => !seen.has(hash));
  if (damaged.length === 0 && missing.length === 0)
    return fine('files', `${seen.size} stored, all unchanged`);
  const names = [
    ...damaged.map((hash) => `${hash} has changed`),
    ...missing.map((hash) => `${hash} is missing`),
  ];
  return fault('files', names.join(', '), 'Restore them from a backup, or upload the files again.');
}

function fine(subject: string, detail: string): Finding {
  return { isFine: true, subject, detail, fix: null };
}

function fault(subject: string, detail: string, fix: string): Finding {
  return { isFine: false, subject, detail, fix };
}
