import { ProblemError } from '@athanor/schema';
import { formatId } from '../../store/recordId.ts';
import type { Services } from '../../services/services.ts';
import type { RouteHandlers } from '../registerRoute.ts';

export function loginHandlers({
  signIn,
}: Services): RouteHandlers<'createToken' | 'revokeToken' | 'validateToken'> {
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

    async revokeToken({ caller, body }) {
      await signIn.end(caller, body.token);
      return {};
    },

    async validateToken({ caller }) {
      return { userId: formatId('user', caller.userId) };
    },
  };
}
