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
  revokeToken: defineRoute({
    name: 'revokeToken',
    method: 'POST',
    path: '/login/oauth/revoke',
    summary: 'End a token of the caller’s own client before its time (RFC 7009).',
    tag: 'Sign-in',
    role: 'guest',
    isSafe: true,
    body: z.strictObject({
      token: z.string().max(5000),
      token_type_hint: z.string().max(100).optional(),
    }),
    bodyType: 'form',
    status: 200,
    reply: z.object({}),
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
