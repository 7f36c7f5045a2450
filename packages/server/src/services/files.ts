import type { IncomingMessage } from 'node:http';
import { type Readable, Transform } from 'node:stream';
import {
  basePath,
  type FileInfo,
  FileNamespace,
  type FileToSign,
  ProblemError,
  type SignedFile,
} from '@athanor/schema';
import { BlobDamagedError, type BlobStore } from '../store/blobs/blobStore.ts';
import type { Database } from '../store/database.ts';
import { fromJson, toJson } from '../store/json.ts';
import { type FileRow, files } from '../store/repositories/files.ts';
import { users } from '../store/repositories/users.ts';
import type { Store } from '../store/store.ts';
import type { Caller } from './caller.ts';
import { type Clock, toIso } from './clock.ts';
import { keepBlobs } from './keepBlobs.ts';
import { recordAct } from './recordAct.ts';
import { type AddressGrant, readSignedAddress, signAddress } from './signedAddress.ts';

/** How long a signed address works. */
const addressMs = 15 * 60 * 1000;
/** All metadata of one file together; it travels inside the address. */
const maxMetadataCharacters = 2_000;

interface FileLimits {
  readonly uploadBytes: number;
  readonly uploadStallMs: number;
}

/** Files by namespace and name. Bytes never change: a new upload under a name is a new version. */
export class Files {
  readonly #store: Store;
  readonly #blobs: BlobStore;
  readonly #key: Uint8Array;
  readonly #clock: Clock;
  readonly #limits: FileLimits;

  constructor(store: Store, blobs: BlobStore, key: Uint8Array, clock: Clock, limits: FileLimits) {
    this.#store = store;
    this.#blobs = blobs;
    this.#key = key;
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Addresses to upload to, below `origin`. */
  signUploads(caller: Caller, wanted: readonly FileToSign[], origin: string): SignedFile[] {
    return wanted.map(({ name, namespace, contentType, metadata }, index) => {
      if (JSON.stringify(metadata ?? []).length > maxMetadataCharacters) {
        const field = `body/files/${index}/metadata`;
        throw ProblemError.of(
          'FIELD_INVALID',
          `${field} is longer than ${maxMetadataCharacters} characters`,
          {
            field,
          },
        );
      }
      const URL = this.#sign(origin, {
        method: 'PUT',
        tenantId: caller.tenantId,
        userId: caller.userId,
        namespace,
        name,
        contentType,
        ...(metadata ? { metadata } : {}),
      });
      return { URL, name, namespace };
    });
  }

  /** An address to download from. @throws ProblemError FILE_NOT_FOUND. */
  async signDownload(
    caller: Caller,
    wanted: { name: string; namespace: FileNamespace; versionId?: string | undefined },
    origin: string,
  ): Promise<string> {
    const { name, namespace, versionId } = wanted;
    if (versionId !== undefined && !/^[1-9][0-9]{0,14}$/.test(versionId)) throw notFound();
    const key = { tenantId: caller.tenantId, namespace, name };
    const version = versionId === undefined ? undefined : Number(versionId);
    if ((await files.find(this.#store.database, key, version)) === undefined) throw notFound();
    return this.#sign(origin, {
      method: 'GET',
      tenantId: caller.tenantId,
      userId: caller.userId,
      namespace,
      name,
      ...(version === undefined ? {} : { versionId: version }),
    });
  }

  /** @throws ProblemError FILE_NOT_FOUND until the file is wholly stored. */
  async info(caller: Caller, name: string, namespace: FileNamespace): Promise<FileInfo> {
    const row = await files.find(this.#store.database, { tenantId: caller.tenantId, namespace, name });
    if (row === undefined) throw notFound();
    return toFileInfo(row);
  }

  /**
   * Stores the bytes that arrive at a signed address.
   * @throws ProblemError FILE_URL_INVALID, FILE_TOO_LARGE, UPLOAD_INCOMPLETE, REQUEST_TIMEOUT; nothing is left
   * behind then.
   */
  async receive(signature: string, contentType: string, body: IncomingMessage): Promise<FileInfo> {
    const grant = readSignedAddress(this.#key, signature, 'PUT', this.#clock());
    if (grant.contentType?.toLowerCase() !== contentType.trim().toLowerCase()) {
      throw ProblemError.of(
        'FILE_URL_INVALID',
        `This address is for content of type ${grant.contentType}, not ${contentType || 'none'}.`,
      );
    }
    const { tenantId, namespace, name } = grant;
    const row = await keepBlobs(this.#store, this.#blobs, async (hold) => {
      const { hash, size } = await hold.put(limitUpload(body, this.#limits));
      return this.#store.transaction(async (transaction) => {
        const at = toIso(this.#clock());
        const row = await files.insert(transaction, {
          tenantId,
          namespace,
          name,
          hash,
          size,
          contentType: grant.contentType!,
          metadata: toJson(grant.metadata ?? []),
          createdBy: grant.userId,
          createdAt: at,
        });
        await this.#recordUpload(transaction, row, at);
        return row;
      });
    });
    return toFileInfo(row);
  }

  /**
   * The file behind a signed address, its bytes verified.
   * @throws ProblemError FILE_URL_INVALID, FILE_NOT_FOUND, FILE_CORRUPTED.
   */
  async open(signature: string): Promise<{ file: FileInfo; content: Readable }> {
    const grant = readSignedAddress(this.#key, signature, 'GET', this.#clock());
    const row = await files.find(this.#store.database, grant, grant.versionId);
    if (row === undefined) throw notFound();
    try {
      return { file: toFileInfo(row), content: await this.#blobs.openVerified(row.hash) };
    } catch (error) {
      if (!(error instanceof BlobDamagedError)) throw error;
      throw ProblemError.of('FILE_CORRUPTED', `The stored bytes of ${row.name} have changed.`);
    }
  }

  /** Who uploads to a signed address is whoever asked for it. */
  async #recordUpload(transaction: Database, row: FileRow, at: string): Promise<void> {
    const { tenantId, createdBy: userId, namespace, name } = row;
    const user = await users.find(transaction, tenantId, userId);
    const caller: Caller = {
      tenantId,
      userId,
      userName: user?.name ?? '',
      userClass: 'guest',
      clientId: 'signed address',
    };
    const act = { action: 'upload', kind: 'file', record: `${namespace}/${name}`, before: null } as const;
    await recordAct(transaction, caller, at, { ...act, after: toFileInfo(row) });
  }

  #sign(origin: string, grant: Omit<AddressGrant, 'expiresAt'>): string {
    const signature = signAddress(this.#key, { ...grant, expiresAt: this.#clock() + addressMs });
    return `${origin}${basePath}/files/content/${signature}`;
  }
}

/** The bytes of an upload as they arrive; fails with what is wrong as soon as that is known. */
function limitUpload(body: IncomingMessage, limits: FileLimits): Readable {
  const tooLarge = () =>
    ProblemError.of('FILE_TOO_LARGE', `The file is larger than the limit of ${limits.uploadBytes} bytes.`);
  if (Number(body.headers['content-length'] ?? 0) > limits.uploadBytes) throw tooLarge();
  let size = 0;
  const content = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      stall.refresh();
      size += chunk.length;
      if (size > limits.uploadBytes) done(tooLarge());
      else done(null, chunk);
    },
    destroy(error, done) {
      clearTimeout(stall);
      body.unpipe(content);
      done(error);
    },
  });
  const stall = setTimeout(() => {
    content.destroy(ProblemError.of('REQUEST_TIMEOUT', `Nothing arrived for ${limits.uploadStallMs} ms.`));
  }, limits.uploadStallMs);
  body.once('error', () => {});
  body.once('close', () => {
    if (!body.complete) {
      content.destroy(ProblemError.of('UPLOAD_INCOMPLETE', 'The upload ended before all bytes had arrived.'));
    }
  });
  return body.pipe(content);
}

function notFound(): ProblemError {
  return ProblemError.of('FILE_NOT_FOUND', 'There is no such file.');
}

function toFileInfo(row: FileRow): FileInfo {
  return {
    name: row.name,
    size: row.size,
    etag: row.hash,
    namespace: FileNamespace.parse(row.namespace),
    contentType: row.contentType,
    lastModified: row.createdAt,
    metadata: fromJson(row.metadata),
    versionId: String(row.id),
  };
}
