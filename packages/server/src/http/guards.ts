import { ProblemError } from '@athanor/schema';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerConfig } from '../config.ts';
import { hasRole } from '../services/hasRole.ts';
import type { SignIn } from '../services/signIn.ts';
import type { PageCookie } from './pageCookie.ts';

/**
 * The checks before any route: is the request meant for this server, does it come from a program or a page of
 * ours, who sends it. They run before the body is read.
 */
export function guards(config: ServerConfig, signIn: SignIn, cookie: PageCookie, isReady: () => boolean) {
  return {
    /** Names are compared exactly; the port may differ, because tunnels and proxies change it. */
    async checkHost(request: FastifyRequest): Promise<void> {
      const host = hostNameOf(request.headers.host);
      if (host === null || !config.hostNames.has(host)) {
        throw ProblemError.of(
          'HOST_UNKNOWN',
          'This server does not answer for the host named in the request.',
        );
      }
      const { origin } = request.headers;
      if (origin === undefined) return;
      const url = URL.parse(origin);
      if (url === null || !config.hostNames.has(url.hostname.toLowerCase())) {
        throw ProblemError.of('ORIGIN_UNKNOWN', 'Pages of other sites may not call this server.');
      }
    },

    /** While starting and stopping only the questions whether it lives and is ready are answered. */
    async refuseUnlessReady(request: FastifyRequest, reply: FastifyReply): Promise<void> {
      if (isReady() || request.routeOptions.config.isPublic === true) return;
      reply.header('connection', 'close');
      throw ProblemError.of('SERVER_STOPPING', 'The server is starting or shutting down.');
    },

    async authenticate(request: FastifyRequest): Promise<void> {
      const { isPublic, isPage, isApplication, role } = request.routeOptions.config;
      // What routes there are is no secret: a wrong path is told as such, also to strangers.
      if (isPublic === true || isPage === true || isApplication === true || request.is404) return;
      const match = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '');
      const token = match === null ? cookie.read(request) : match[1]!;
      if (token === null) throw ProblemError.of('TOKEN_MISSING', 'No access token was sent.');
      if (match === null && !cookie.isOwnPage(request)) {
        throw ProblemError.of('ORIGIN_UNKNOWN', 'Only pages of this server may use its sign-in.');
      }
      const caller = await signIn.verify(token);
      request.caller = caller;
      if (role !== undefined && !hasRole(caller, role)) {
        throw ProblemError.of(
          'ROLE_INSUFFICIENT',
          `This is for users of class ${role} or above; yours is ${caller.userClass}.`,
        );
      }
    },
  };
}

/** `localhost` of `localhost:3500`, `[::1]` of `[::1]:3500`; null for what is not a host. */
function hostNameOf(host: string | undefined): string | null {
  if (host === undefined) return null;
  const match = /^(\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9._-]+)(?::[0-9]{1,5})?$/.exec(host);
  return match === null ? null : match[1]!.toLowerCase();
}
