import {
  errorCodes,
  type ErrorCode,
  errorTable,
  type Problem,
  type ProblemItem,
  ProblemError,
  problemItem,
  toProblem,
} from '@athanor/schema';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { dropRest } from './readBody.ts';

/** An answer stays small, whatever was sent: bytes of the whole, characters of one message or name of a field. */
const maxProblemBytes = 4_000;
const maxMessageCharacters = 1_000;
const maxFieldCharacters = 200;
/** Seconds after which a refused client may try again, for refusals that pass by themselves. */
const retryAfterSeconds: Partial<Record<ErrorCode, number>> = {
  STORE_UNAVAILABLE: 2,
  SERVER_STOPPING: 5,
  COMPUTE_UNAVAILABLE: 5,
  DISK_FULL: 30,
};

/** Answers every failure as `application/problem+json`; only unexpected ones are logged as errors. */
export function errorHandler(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const items = toItems(error);
  const { code } = items[0]!;
  const { status } = errorTable[code];
  if (status >= 500) request.log.error({ requestId: request.id, err: error, code }, 'request failed');
  const problem = toSmallProblem(items, status >= 500 ? request.id : undefined);
  request.refusal = code;

  if (status === 401) reply.header('www-authenticate', challenge(code));
  const seconds = code === 'RATE_LIMITED' ? waitOf(items[0]!) : retryAfterSeconds[code];
  if (seconds !== undefined) reply.header('retry-after', String(seconds));
  dropRest(request.raw);

  reply
    .code(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(request.routeOptions.config.isSignIn === true ? { ...problem, error: oauthWord(code) } : problem);
}

/** What went wrong, in the words of the error table. */
function toItems(error: unknown): readonly ProblemItem[] {
  if (error instanceof ProblemError) return error.items;
  const { code = '', name = '', message = '' } = (error ?? {}) as NodeJS.ErrnoException;
  // The engine's refusals have codes of the table; it is not imported here because it is large.
  if (name === 'EngineError' && (errorCodes as readonly string[]).includes(code)) {
    const { location, fix } = error as { location?: ProblemItem['location']; fix?: string };
    return [problemItem(code as ErrorCode, message, location, fix)];
  }
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL') {
    return [problemItem('DISK_FULL', 'The disk of the server is full.')];
  }
  if (code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_BUSY')) {
    return [problemItem('STORE_UNAVAILABLE', 'The store cannot be reached at the moment.')];
  }
  if (code === 'FST_ERR_BAD_URL') return [problemItem('RECORD_NOT_FOUND', 'There is no such record.')];
  return [problemItem('INTERNAL', 'The server met an unexpected error.')];
}

/** As many of the complaints as have room, long words cut. */
function toSmallProblem(items: readonly ProblemItem[], requestId: string | undefined): Problem {
  const short = items.slice(0, 20).map(({ code, message, location, fix }) => ({
    code,
    message: cut(message, maxMessageCharacters),
    location: {
      ...location,
      ...(location.field === undefined ? {} : { field: cut(location.field, maxFieldCharacters) }),
      ...(location.column === undefined ? {} : { column: cut(location.column, maxFieldCharacters) }),
    },
    fix,
  }));
  for (;;) {
    const problem = toProblem(short, requestId);
    if (short.length === 1 || Buffer.byteLength(JSON.stringify(problem)) <= maxProblemBytes) return problem;
    short.pop();
  }
}

function cut(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 1).toWellFormed()}…`;
}

/** RFC 6750: why a token was not good enough. */
function challenge(code: ErrorCode): string {
  const realm = 'Bearer realm="athanor"';
  return code === 'TOKEN_MISSING' || code === 'CLIENT_INVALID' ? realm : `${realm}, error="invalid_token"`;
}

/** RFC 6749 section 5.2. */
function oauthWord(code: ErrorCode): string {
  if (code === 'CLIENT_INVALID') return 'invalid_client';
  if (code === 'GRANT_UNSUPPORTED') return 'unsupported_grant_type';
  return 'invalid_request';
}

function waitOf(item: ProblemItem): number {
  return Number(/(\d+) seconds/.exec(item.message)?.[1] ?? 60);
}
