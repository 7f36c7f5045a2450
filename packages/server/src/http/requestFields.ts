import type { ErrorCode, UserClass } from '@athanor/schema';
import type { FastifyInstance } from 'fastify';
import type { Caller } from '../services/caller.ts';

/** What routes say about themselves beyond their schema. */
interface RouteConfig {
  /** Answers without a token. */
  isPublic?: boolean;
  /** The token route, whose refusals carry the words of RFC 6749 too. */
  isSignIn?: boolean;
  /** Least class of user that may call it; absent for public routes. */
  role?: UserClass;
  /** Its answers are kept while nothing is written. */
  isKept?: boolean;
  /** Not part of the API (documentation page): no API headers. */
  isPage?: boolean;
  /** A file of the page for people; answers without a token. */
  isApplication?: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null on public routes. */
    caller: Caller | null;
    /** Code of the refusal it was answered with; null when it was not refused. */
    refusal: ErrorCode | null;
    /** The body as it came, of routes that can be repeated. */
    bodyBytes: Buffer | null;
  }
  interface FastifyContextConfig extends RouteConfig {}
}

/** Gives every request the fields that Athanor adds to Fastify's own. */
export function addRequestFields(app: FastifyInstance): void {
  app.decorateRequest('caller', null);
  app.decorateRequest('refusal', null);
  app.decorateRequest('bodyBytes', null);
}
