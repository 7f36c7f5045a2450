import { ProblemError } from '@athanor/schema';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * Tells a path that does not exist (404) from one that exists for other methods (405 with Allow). Must be made
 * before the routes are registered.
 */
export function unknownRoute(app: FastifyInstance) {
  const known = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    const pattern = new RegExp(`^${url.split('/').map(partPattern).join('/')}/?$`);
    const entry = known.get(url) ?? { pattern, methods: new Set() };
    for (const one of [method].flat()) entry.methods.add(one);
    known.set(url, entry);
  });

  return (request: FastifyRequest, reply: FastifyReply): never => {
    const path = request.url.split('?')[0]!;
    const allowed = new Set<string>();
    for (const { pattern, methods } of known.values()) {
      if (pattern.test(path)) for (const method of methods) allowed.add(method);
    }
    if (allowed.size === 0) throw ProblemError.of('ROUTE_NOT_FOUND', 'There is no such route.');
    const list = [...allowed].sort().join(', ');
    reply.header('allow', list);
    throw ProblemError.of('METHOD_NOT_ALLOWED', `The route exists, but only for ${list}.`);
  };
}

function partPattern(part: string): string {
  if (part.startsWith(':')) return '[^/]+';
  return part === '*' ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
