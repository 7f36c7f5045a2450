import { createHash } from 'node:crypto';
import { fullPath, ProblemError, type Route, type RouteName, routes, type UserClass } from '@athanor/schema';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Limits } from '../config.ts';
import type { Caller } from '../services/caller.ts';
import type { Services } from '../services/services.ts';
import { describeRoute } from './documentation.ts';
import { parseJson } from '../validation/parseJson.ts';
import { jsonContentType } from './jsonContentType.ts';
import { readBody } from './readBody.ts';
import { serializerOf } from '../validation/serializerOf.ts';
import { validate } from '../validation/validate.ts';

type RouteOf<Name extends RouteName> = (typeof routes)[Name];
type ParamsOf<R> = R extends Route<infer P, z.ZodType, z.ZodType, z.ZodType> ? z.output<P> : never;
type QueryOf<R> = R extends Route<z.ZodType, infer Q, z.ZodType, z.ZodType> ? z.output<Q> : never;
type BodyOf<R> = R extends Route<z.ZodType, z.ZodType, infer B, z.ZodType> ? z.output<B> : never;
/** Streams answer through `reply` themselves, 204 has nothing to say. */
type ReplyOf<R> =
  R extends Route<z.ZodType, z.ZodType, z.ZodType, infer T>
    ? [T] extends [z.ZodUndefined]
      ? unknown
      : z.input<T>
    : never;

/** JSON text that is known to follow the schema of its route, made where it does not stop the event loop. */
export class JsonText {
  readonly text: string | Uint8Array;

  constructor(text: string | Uint8Array) {
    this.text = text;
  }
}

/** What a handler gets: the checked parts of the request. */
export interface RouteInput<Name extends RouteName> {
  readonly params: ParamsOf<RouteOf<Name>>;
  readonly query: QueryOf<RouteOf<Name>>;
  /** Bytes, unchecked, for routes in `rawBodyRoutes`; undefined for uploads, which read `request.raw`. */
  readonly body: Name extends RawBodyRoute ? Buffer : BodyOf<RouteOf<Name>>;
  readonly caller: Caller;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export type RouteHandler<Name extends RouteName> = (
  input: RouteInput<Name>,
) => Promise<ReplyOf<RouteOf<Name>> | JsonText>;

export type RouteHandlers<Names extends RouteName = RouteName> = { [Name in Names]: RouteHandler<Name> };

/** Routes whose bodies may be large: they are parsed and checked in the compute thread. */
export const rawBodyRoutes = ['predictWithSession', 'predictWithModel'] as const;
export type RawBodyRoute = (typeof rawBodyRoutes)[number];

/** Reads of one record, which say nothing but what is stored and are the same for everybody of a tenant. */
const keptRoutes = [
  'getUser',
  'getDataset',
  'getModelSession',
  'listModels',
  'getModel',
  'getDetachedModel',
  'findModel',
  'getProject',
  'getTarget',
  'getInsight',
  'getSmartDataset',
] as const satisfies readonly RouteName[];

/**
 * Registers one route of the schema: the body is read within its limits, every part is checked, the answer goes
 * through the schema of the reply, so that nothing leaves that is not in it.
 */
export function registerRoute<Name extends RouteName>(
  app: FastifyInstance,
  name: Name,
  handler: RouteHandler<Name>,
  limits: Limits,
  { repeatedRequests, storedAnswers }: Pick<Services, 'repeatedRequests' | 'storedAnswers'>,
): void {
  const route: Route = routes[name];
  const isRaw = (rawBodyRoutes as readonly string[]).includes(name);

  /** The answer through the schema of the reply. */
  const serialize = route.reply === undefined ? () => '' : serializerOf(route.reply);
  const textOf = (result: unknown): string | Uint8Array =>
    result instanceof JsonText ? result.text : serialize(result);
  const isRepeatable = route.method === 'POST' && route.isSafe !== true && route.public !== true;

  const readParsedBody = async (request: FastifyRequest): Promise<unknown> => {
    if (route.bodyType === 'binary') return undefined;
    const bytes = await readBody(request.raw, {
      maxBytes: isRaw ? limits.predictBodyBytes : limits.bodyBytes,
      timeoutMs: limits.bodyTimeoutMs,
    });
    if (isRepeatable) request.bodyBytes = bytes;
    if (route.body === undefined) return undefined;
    requireMediaType(request, route.bodyType === 'form' ? formType : jsonType, bytes.length);
    if (isRaw) return bytes;
    if (bytes.length === 0) {
      if (route.body.safeParse(undefined).success) return undefined;
      throw ProblemError.of('BODY_MALFORMED', 'The body is empty.', { field: 'body' });
    }
    return validate(route.body, route.bodyType === 'form' ? parseForm(bytes) : parseJson(bytes), 'body');
  };

  const readInput = async (request: FastifyRequest, reply: FastifyReply): Promise<RouteInput<Name>> => {
    const params = route.params === undefined ? undefined : validate(route.params, request.params, 'path');
    const query = route.query === undefined ? undefined : validate(route.query, request.query, 'query');
    const body = await readParsedBody(request);
    const input = {
      params,
      query,
      body,
      get caller(): Caller {
        if (request.caller === null) throw new TypeError(`${name} is public and has no caller`);
        return request.caller;
      },
      request,
      reply,
    };
    return input as RouteInput<Name>;
  };

  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const input = await readInput(request, reply);
    const key = isRepeatable ? idempotencyKeyOf(request, route) : null;
    if (key !== null) {
      const { status: keptStatus, text } = await repeatedRequests.answer(
        input.caller,
        key,
        hashRequest(request),
        route.status,
        async () => textOf(await handler(input)) as string,
      );
      return reply.code(keptStatus).header('content-type', jsonContentType).send(text);
    }
    const result = await handler(input);
    if (reply.sent || route.replyType !== undefined) return result;
    reply.code(route.status);
    if (route.reply === undefined) return reply.send();
    return reply.header('content-type', jsonContentType).send(textOf(result));
  };

  /** An answer that the fast lane can give again. */
  const answerKept = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { tenantId } = request.caller!;
    const text = await storedAnswers.make(
      tenantId,
      request.url,
      async () => textOf(await handler(await readInput(request, reply))) as string,
    );
    return reply.code(route.status).header('content-type', jsonContentType).send(text);
  };
  const isKept = (keptRoutes as readonly string[]).includes(name);

  app.route({
    method: route.method,
    url: fullPath(route),
    config: {
      isPublic: route.public === true,
      isSignIn: name === 'createToken',
      isKept,
      ...(route.public === true ? {} : { role: roleOf(route) }),
    },
    schema: describeRoute(route),
    handler: isKept ? answerKept : answer,
  });
}

/** By default everybody reads, and everybody but guests writes. */
function roleOf(route: Route): UserClass {
  return route.role ?? (route.method === 'GET' ? 'guest' : 'standard');
}

/** The key under which a request takes effect once; null without one. @throws ProblemError IDEMPOTENCY_KEY_UNUSABLE. */
function idempotencyKeyOf(request: FastifyRequest, route: Route): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  const field = 'header/idempotency-key';
  if (route.isUnrepeatable === true) {
    throw ProblemError.of('IDEMPOTENCY_KEY_UNUSABLE', 'The answer of this route cannot be given twice.', {
      field,
    });
  }
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw ProblemError.of('IDEMPOTENCY_KEY_UNUSABLE', 'The key must be 1 to 255 printable ASCII characters.', {
    field,
  });
}

function hashRequest(request: FastifyRequest): string {
  return createHash('sha256')
    .update(`${request.method} ${request.url}\n`)
    .update(request.bodyBytes ?? '')
    .digest('hex');
}

const jsonType = 'application/json';
const formType = 'application/x-www-form-urlencoded';

/** The public client sends the type also with requests that have no body; then nothing depends on it. */
function requireMediaType(request: FastifyRequest, wanted: string, size: number): void {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '')
    .split(';')
    .map((part) => part.trim());
  if (size === 0 && type === '') return;
  const charset = parameters
    .find((parameter) => /^charset=/i.test(parameter))
    ?.slice(8)
    .replaceAll('"', '');
  if (type.toLowerCase() === wanted && (charset === undefined || charset.toLowerCase() === 'utf-8')) return;
  throw ProblemError.of(
    'MEDIA_TYPE_UNSUPPORTED',
    `Content-Type must be ${wanted} in UTF-8, not ${request.headers['content-type']?.slice(0, 100) ?? 'absent'}.`,
  );
}

/** Form fields; a field that comes twice has no meaning and is refused. */
function parseForm(bytes: Buffer): Record<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(bytes.toString('utf8'))) {
    if (fields.has(name)) {
      throw ProblemError.of('FIELD_INVALID', `body/${name.slice(0, 100)} is given twice`, { field: 'body' });
    }
    fields.set(name, value);
  }
  return Object.fromEntries(fields);
}
