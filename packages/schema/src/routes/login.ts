import { z } from 'zod';
import { UserId } from '../records/identifier.ts';
import { defineRoute } from './route.ts';

const TokenRequest = z.object({
  grant_type: z.string(),
  client_id: z.string().max(200),
  client_secret: z.string().max(500),
});

const TokenReply = z.object({
  access_token: z.string(),
  /** The public client insists on a string; Athanor has no refresh tokens, so it is empty. */
  refresh_token: z.string(),
  /** Seconds until the token expires. */
  expires_in: z.int(),
  token_type: z.literal('Bearer'),
  issued_token_type: z.literal('access_token'),
  tenant_id: z.string(),
});

export const loginRoutes = {
  createToken: defineRoute({
    name: 'createToken',
    method: 'POST',
    path: '/login/oauth/token',
    summary: 'Sign in with client credentials.',
    tag: 'Sign-in',
    public: true,
    body: TokenRequest,
    bodyType: 'form',
    status: 200,
    reply: TokenReply,
  }),
  validateToken: defineRoute({
    name: 'validateToken',
    method: 'GET',
    path: '/login/validatejwt',
    summary: 'Who the token belongs to.',
    tag: 'Sign-in',
    query: z.strictObject({
      includeUserDetails: z
        .string()
        .regex(/^(true|false)$/i, 'must be true or false')
        .optional(),
    }),
    status: 200,
    reply: z.object({ userId: UserId }),
  }),
} as const;
