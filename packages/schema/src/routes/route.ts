import type { z } from 'zod';
import type { UserClass } from '../records/user.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * One route as data. The server registers it, the client calls it, the API reference is generated from it; there
 * is no second description anywhere.
 */
export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> {
  /** Stable name, used as OpenAPI operationId: verb and noun in camelCase. */
  readonly name: string;
  readonly method: HttpMethod;
  /** Where it lives when that is not `basePath`. */
  readonly base?: '/api/v4';
  /** Path below the base, with Fastify parameters: `/btdataset/:datasetId`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: RouteTag;
  /** True only for routes that answer without a token: the written allowlist. */
  readonly public?: boolean;
  /** Least class of user that may call it; by default `guest` for GET and `standard` for the rest. */
  readonly role?: UserClass;
  /** A POST that changes nothing: it needs no Idempotency-Key. */
  readonly isSafe?: boolean;
  /** A POST whose answer cannot be given twice: an Idempotency-Key is refused. */
  readonly isUnrepeatable?: boolean;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Content type of the body where it is not JSON. */
  readonly bodyType?: 'form' | 'binary';
  readonly status: 200 | 201 | 202 | 204;
  /** Absent for 204 and for streams. */
  readonly reply?: Reply;
  /** Content type of the reply where it is not JSON. */
  readonly replyType?: 'events' | 'binary' | 'svg';
  /** Content types of a binary reply where they are known beforehand. */
  readonly contentTypes?: readonly string[];
}

export const routeTags = [
  'Sign-in',
  'Users',
  'Files',
  'Datasets',
  'Model sessions',
  'Models',
  'Molecules',
  'Projects',
  'Targets',
  'Insights',
  'Smart datasets',
  'Design runs',
  'Jobs',
  'Clients',
  'Audit',
  'Server',
] as const;
export type RouteTag = (typeof routeTags)[number];

/** Where all routes of the wire family live. */
export const basePath = '/api/v3';

/** The whole path of a route, with Fastify parameters. */
export function fullPath({ base, path }: Pick<Route, 'base' | 'path'>): string {
  return `${base ?? basePath}${path}`;
}

/** Identity with inference: keeps the exact schemas of a route for the client. */
export function defineRoute<
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  Reply extends z.ZodType = z.ZodUndefined,
>(route: Route<Params, Query, Body, Reply>): Route<Params, Query, Body, Reply> {
  return route;
}
