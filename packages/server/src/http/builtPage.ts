import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { extname, join, sep } from 'node:path';

/** A built file as it is sent. */
export interface PageFile {
  readonly bytes: Buffer;
  readonly contentType: string;
  /** Null for plain bytes. */
  readonly encoding: 'br' | 'gzip' | null;
  readonly etag: string;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/**
 * The page as package `web` has built and compressed it, read when first asked for. One that is built anew beside a
 * running server takes the place of the old one.
 */
export class BuiltPage {
  readonly #folder: string;
  #builtAt = Number.NaN;
  #names: ReadonlySet<string> = new Set();
  readonly #contents = new Map<string, Buffer | null>();
  readonly #etags = new Map<string, string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * @param name with slashes, e.g. `assets/x.js`
   * @param accepted encodings that the client takes
   * @returns null when there is no such file, or not any more
   */
  read(name: string, accepted: readonly string[]): PageFile | null {
    this.#lookAnew();
    if (!this.#names.has(name)) return null;
    const plain = this.#contentOf(name);
    if (plain === null) return null;
    let etag = this.#etags.get(name);
    if (etag === undefined) {
      etag = `"${createHash('sha256').update(plain).digest('hex').slice(0, 32)}"`;
      this.#etags.set(name, etag);
    }
    const contentType = contentTypes[extname(name)]!;
    for (const [encoding, extension] of encodings) {
      const bytes = accepted.includes(encoding) ? this.#contentOf(name + extension) : null;
      if (bytes !== null) return { bytes, contentType, encoding, etag };
    }
    return { bytes: plain, contentType, encoding: null, etag };
  }

  #lookAnew(): void {
    // A build begins by removing this file and writes it last.
    const stamp = statSync(join(this.#folder, 'sources.sha256'), { throwIfNoEntry: false });
    const builtAt = stamp?.mtimeMs ?? 0;
    if (builtAt === this.#builtAt) return;
    this.#builtAt = builtAt;
    const paths = globSync(`**/*{${Object.keys(contentTypes).join(',')}}`, { cwd: this.#folder });
    this.#names = new Set(paths.map((path) => path.split(sep).join('/')));
    this.#contents.clear();
    this.#etags.clear();
  }

  #contentOf(name: string): Buffer | null {
    let bytes = this.#contents.get(name);
    if (bytes === undefined) {
      bytes = readIfThere(join(this.#folder, name));
      this.#contents.set(name, bytes);
    }
    return bytes;
  }
}

function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
