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

/** Headers of every answer that is not a page. */
export function headersOfAnswers(config: ServerConfig): Record<string, string> {
  return { ...commonHeaders(config), 'content-security-policy': apiPolicy, 'cache-control': 'no-store' };
}

function commonHeaders(config: ServerConfig): Record<string, string> {
  return {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    ...(config.publicUrl?.protocol === 'https:' ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
}

/** Sets the headers of every answer before anything else, so that refusals carry them too. */
export function securityHeaders(config: ServerConfig) {
  const ofAnswers = headersOfAnswers(config);
  const ofPages = {
    ...commonHeaders(config),
    'content-security-policy': pagePolicy,
    'cache-control': 'no-cache',
  };
  const ofApplication = { ...ofPages, 'content-security-policy': applicationPolicy };
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const { isPage = false, isApplication = false } = request.routeOptions.config;
    reply.headers(isApplication ? ofApplication : isPage ? ofPages : ofAnswers);
    reply.header('x-request-id', request.id);
    done();
  };
}
