import { ProblemError } from '@athanor/schema';
import { formatId } from '../../store/recordId.ts';
import type { ServerConfig } from '../../config.ts';
import type { Services } from '../../services/services.ts';
import { linkSeconds, pageSessionSeconds } from '../../services/signIn.ts';
import { originOf } from '../originOf.ts';
import type { PageCookie } from '../pageCookie.ts';
import type { RouteHandlers } from '../registerRoute.ts';

type LoginRoute =
  | 'createToken'
  | 'createSignInLink'
  | 'createPageSession'
  | 'deletePageSession'
  | 'revokeToken'
  | 'validateToken';

export function loginHandlers(
  { signIn }: Services,
  config: ServerConfig,
  cookie: PageCookie,
): RouteHandlers<LoginRoute> {
  return {
    async createToken({ body, request }) {
      if (body.grant_type !== 'client_credentials') {
        throw ProblemError.of('GRANT_UNSUPPORTED', 'Only client_credentials is supported.', {
          field: 'body/grant_type',
        });
      }
      const { token, expiresInSeconds, tenantId } = await signIn.grant(
        body.client_id,
        body.client_secret,
        request.ip,
      );
      return {
        access_token: token,
        refresh_token: '',
        expires_in: expiresInSeconds,
        token_type: 'Bearer',
        issued_token_type: 'access_token',
        tenant_id: String(tenantId),
      };
    },

    async createSignInLink({ caller, request }) {
      const code = signIn.makeLinkCode(caller);
      return { url: `${originOf(config, request)}/sign-in#${code}`, expiresInSeconds: linkSeconds };
    },

    async createPageSession({ body, request, reply }) {
      const { token } =
        'code' in body
          ? await signIn.redeemLink(body.code)
          : await signIn.grant(body.clientId, body.clientSecret, request.ip, pageSessionSeconds);
      const { userId, userName } = await signIn.verify(token);
      reply.header('set-cookie', cookie.give(token, pageSessionSeconds));
      return { userId: formatId('user', userId), userName, expiresInSeconds: pageSessionSeconds };
    },

    async deletePageSession({ reply }) {
      reply.header('set-cookie', cookie.takeBack());
    },

    async revokeToken({ caller, body }) {
      await signIn.end(caller, body.token);
      return {};
    },

    async validateToken({ caller }) {
      return { userId: formatId('user', caller.userId) };
    },
  };
}
