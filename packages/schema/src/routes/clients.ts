import { z } from 'zod';
import { ApiClient, ApiClientCreate } from '../records/apiClient.ts';
import { defineRoute } from './route.ts';

export const clientRoutes = {
  createClient: defineRoute({
    name: 'createClient',
    method: 'POST',
    path: '/clients',
    summary: 'Make a credential; its secret is in this answer and nowhere else.',
    tag: 'Clients',
    role: 'admin',
    // A secret is not kept, so the answer cannot be given again.
    isUnrepeatable: true,
    body: ApiClientCreate,
    status: 201,
    reply: ApiClient.extend({ clientSecret: z.string() }),
  }),
  listClients: defineRoute({
    name: 'listClients',
    method: 'GET',
    path: '/clients',
    summary: 'List the credentials of the tenant; for the first tenant those of all.',
    tag: 'Clients',
    role: 'admin',
    status: 200,
    reply: z.object({ Items: z.array(ApiClient) }),
  }),
  revokeClient: defineRoute({
    name: 'revokeClient',
    method: 'DELETE',
    path: '/clients/:clientId',
    summary: 'Revoke a credential; its tokens end at once.',
    tag: 'Clients',
    role: 'admin',
    params: z.object({ clientId: z.string() }),
    status: 204,
  }),
} as const;
