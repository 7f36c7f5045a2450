import { fileURLToPath } from 'node:url';
import { ProblemError } from '@athanor/schema';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BuiltPage, type PageFile } from './builtPage.ts';

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

const notBuilt =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Athanor</title></head><body>' +
  '<h1>Athanor runs, but its page was not built</h1><p>Run <code>npm run build:page</code> and reload. ' +
  'The API and its <a href="/docs">reference</a> work without it.</p></body></html>';

/** The page for people at `/`. */
export async function page(app: FastifyInstance): Promise<void> {
  const built = new BuiltPage(folder);
  const add = (url: string, handler: (request: FastifyRequest, reply: FastifyReply) => unknown): void => {
    app.route({ method: 'GET', url, config: { isApplication: true }, schema: { hide: true }, handler });
  };
  for (const url of addresses) {
    add(url, (request, reply) => {
      const document = built.read('index.html', encodingsOf(request));
      return document === null
        ? reply.header('content-type', 'text/html; charset=utf-8').send(notBuilt)
        : send(document, request, reply, 'no-cache');
    });
  }
  const addFile = (url: string, cacheControl: string): void =>
    add(url, (request, reply) => {
      const file = built.read(request.url.split('?')[0]!.slice(1), encodingsOf(request));
      if (file === null) throw ProblemError.of('ROUTE_NOT_FOUND', 'The page has no such file.');
      return send(file, request, reply, cacheControl);
    });
  addFile('/icon.svg', 'no-cache');
  // Names of assets carry a hash of their content.
  addFile('/assets/*', 'public, max-age=31536000, immutable');
}

function send(
  { bytes, contentType, encoding, etag }: PageFile,
  request: FastifyRequest,
  reply: FastifyReply,
  cacheControl: string,
): FastifyReply {
  reply.headers({
    'content-type': contentType,
    'cache-control': cacheControl,
    vary: 'accept-encoding',
    etag,
  });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  if (encoding !== null) reply.header('content-encoding', encoding);
  return reply.send(bytes);
}

function encodingsOf({ headers }: FastifyRequest): string[] {
  return (headers['accept-encoding'] ?? '').split(',').map((part) => part.trim().split(';')[0]!);
}

function withParts(name: string): string[] {
  return [`/${name}`, `/${name}/*`];
}
