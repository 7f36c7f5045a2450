import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerConfig } from '../config.ts';

/** Nothing that the API answers is a page, so nothing in it may load or run anything. */
const apiPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/** The documentation page: its own scripts and styles, nothing inline, nothing from elsewhere. */
const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Our page: as the documentation, and with inline styles, by which components and charts place things. */
const applicationPolicy = pagePolicy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

/** Headers of every answer, set before anything else so that refusals carry them too. */
export function securityHeaders(config: ServerConfig) {
  const isTls = config.publicUrl?.protocol === 'https:';
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { isPage = false, isApplication = false } = request.routeOptions.config;
    reply.headers({
      'x-content-type-options': 'nosniff',
      'x-request-id': request.id,
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': isApplication ? applicationPolicy : isPage ? pagePolicy : apiPolicy,
      'cache-control': isPage || isApplication ? 'no-cache' : 'no-store',
      ...(isTls ? { 'strict-transport-security': 'max-age=31536000' } : {}),
    });
  };
}
