import type { Services } from '../../services/services.ts';
import type { RouteHandlers } from '../registerRoute.ts';

export function clientHandlers({
  apiClients,
}: Services): RouteHandlers<'createClient' | 'listClients' | 'revokeClient'> {
  return {
    createClient: ({ caller, body }) => apiClients.create(caller, body),
    listClients: async ({ caller }) => ({ Items: await apiClients.list(caller) }),
    revokeClient: ({ caller, params }) => apiClients.revoke(caller, params.clientId),
  };
}
