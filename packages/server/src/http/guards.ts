import { callbackify } from 'node:util';
import { ProblemError } from '@athanor/schema';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerConfig } from '../config.ts';
import type { Caller } from '../services/caller.ts';
import { hasRole } from '../services/hasRole.ts';
import type { SignIn } from '../services/signIn.ts';
import type { PageCookie } from './pageCookie.ts';

type Done = (error?: Error) => void;

/**
 * The checks before any route: is the request meant for this server, does it come from a program or a page of ours, is
 * the server ready, who sends the request and may he. They run before the body is read, for every request, and wait for
 * nothing unless a token has to be looked up.
 * @param answerUnknown Answers a path without a route, or a method that a path has not
 */
export function guards(
  config: ServerConfig,
  signIn: SignIn,
  cookie: PageCookie,
  isReady: () => boolean,
  answerUnknown: (request: FastifyRequest, reply: FastifyReply) => never,
) {
  const lookUp = callbackify(async (request: FastifyRequest, token: string): Promise<void> => {
    letIn(request, await signIn.verify(token));
  });
  return function guard(request: FastifyRequest, reply: FastifyReply, done: Done): void {
    try {
      const { isPublic, isPage, isApplication } = request.routeOptions.config;
      checkHost(config, request);
      if (isPublic !== true && !isReady()) {
        reply.header('connection', 'close');
        throw ProblemError.of('SERVER_STOPPING', 'The server is starting or shutting down.');
      }
      // What routes there are is no secret: a wrong path is told as such, also to strangers. Nor is it anybody's
      // business what body a method without a route would need.
      if (request.is404) answerUnknown(request, reply);
      if (isPublic === true || isPage === true || isApplication === true) {
        done();
        return;
      }
      const token = tokenOf(request, cookie);
      const known = signIn.trusted(token);
      if (known !== null) {
        letIn(request, known);
        done();
        return;
      }
      lookUp(request, token, (error: Error | null) => done(error ?? undefined));
    } catch (error) {
      done(error as Error);
    }
  };
}

/** Names are compared exactly; the port may differ, because tunnels and proxies change it. */
function checkHost({ hostNames }: ServerConfig, request: FastifyRequest): void {
  const { host, origin } = request.headers;
  const name = hostNameOf(host);
  if (name === null || !hostNames.has(name)) {
    throw ProblemError.of('HOST_UNKNOWN', 'This server does not answer for the host named in the request.');
  }
  if (origin === undefined) return;
  const url = URL.parse(origin);
  if (url === null || !hostNames.has(url.hostname.toLowerCase())) {
    throw ProblemError.of('ORIGIN_UNKNOWN', 'Pages of other sites may not call this server.');
  }
}

/** From the header, or from the cookie of our own page. @throws ProblemError TOKEN_MISSING, ORIGIN_UNKNOWN. */
function tokenOf(request: FastifyRequest, cookie: PageCookie): string {
  const match = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '');
  if (match !== null) return match[1]!;
  const token = cookie.read(request);
  if (token === null) throw ProblemError.of('TOKEN_MISSING', 'No access token was sent.');
  if (cookie.isOwnPage(request)) return token;
  throw ProblemError.of('ORIGIN_UNKNOWN', 'Only pages of this server may use its sign-in.');
}

/** @throws ProblemError ROLE_INSUFFICIENT. */
function letIn(request: FastifyRequest, caller: Caller): void {
  const { role } = request.routeOptions.config;
  request.caller = caller;
  if (role === undefined || hasRole(caller, role)) return;
  throw ProblemError.of(
    'ROLE_INSUFFICIENT',
    `This is for users of class ${role} or above; yours is ${caller.userClass}.`,
  );
}

/** `localhost` of `localhost:3500`, `[::1]` of `[::1]:3500`; null for what is not a host. */
function hostNameOf(host: string | undefined): string | null {
  if (host === undefined) return null;
  const match = /^(\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9._-]+)(?::[0-9]{1,5})?$/.exec(host);
  return match === null ? null : match[1]!.toLowerCase();
}
