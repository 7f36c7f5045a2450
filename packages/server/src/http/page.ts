import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Where package `web` puts what it builds: beside this package, in the repository as among installed packages. */
const folder = fileURLToPath(new URL('../../../web/dist', import.meta.url));

/** Addresses of the page; each answers with the same document, which then shows what the address says. */
const addresses = [
  '/',
  '/sign-in',
  ...['datasets', 'sessions', 'models', 'compare', 'insights', 'jobs', 'activity', 'users'].flatMap(
    withParts,
  ),
];

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

const notBuilt =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Athanor</title></head><body>' +
  '<h1>Athanor runs, but its page was not built</h1><p>Run <code>npm run build:page</code> and reload. ' +
  'The API and its <a href="/docs">reference</a> work without it.</p></body></html>';

/** The page for people at `/`: files that were built and compressed beforehand, answered from memory. */
export async function page(app: FastifyInstance): Promise<void> {
  const files = new Map<string, PageFile>();
  const paths = existsSync(folder) ? globSync('**/*.{html,js,css,csv,svg,woff2}', { cwd: folder }) : [];
  for (const path of paths) files.set(`/${path.split(sep).join('/')}`, new PageFile(join(folder, path)));
  const document = files.get('/index.html');

  const add = (url: string, handler: (request: FastifyRequest, reply: FastifyReply) => unknown): void => {
    app.route({ method: 'GET', url, config: { isApplication: true }, schema: { hide: true }, handler });
  };
  for (const url of addresses) {
    add(url, (request, reply) =>
      document === undefined
        ? reply.header('content-type', types['.html']).send(notBuilt)
        : document.send(request, reply, 'no-cache'),
    );
  }
  for (const [url, file] of files) {
    if (url === '/index.html') continue;
    // Names of assets carry a hash of their content.
    const lifetime = url.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    add(url, (request, reply) => file.send(request, reply, lifetime));
  }
}

/** A built file with its compressed forms, read when first asked for. */
class PageFile {
  readonly #path: string;
  readonly #forms = new Map<string, Buffer>();
  #etag: string | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  send(request: FastifyRequest, reply: FastifyReply, cacheControl: string): FastifyReply {
    this.#etag ??= `"${createHash('sha256').update(this.#read('')).digest('hex').slice(0, 32)}"`;
    reply.headers({
      'content-type': types[extname(this.#path)],
      'cache-control': cacheControl,
      vary: 'accept-encoding',
      etag: this.#etag,
    });
    if (request.headers['if-none-match'] === this.#etag) return reply.code(304).send();
    const accepted = (request.headers['accept-encoding'] ?? '')
      .split(',')
      .map((part) => part.trim().split(';')[0]);
    for (const [encoding, extension] of [
      ['br', '.br'],
      ['gzip', '.gz'],
    ] as const) {
      if (!accepted.includes(encoding) || !existsSync(this.#path + extension)) continue;
      return reply.header('content-encoding', encoding).send(this.#read(extension));
    }
    return reply.send(this.#read(''));
  }

  #read(extension: string): Buffer {
    const known = this.#forms.get(extension);
    if (known !== undefined) return known;
    const bytes = readFileSync(this.#path + extension);
    this.#forms.set(extension, bytes);
    return bytes;
  }
}

function withParts(name: string): string[] {
  return [`/${name}`, `/${name}/*`];
}
