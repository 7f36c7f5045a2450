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

/** How a browser signs in: with the code of a link, which works once, or with client credentials. */
const PageSignIn = z.union([
  z.strictObject({ code: z.string().min(1).max(200) }),
  z.strictObject({ clientId: z.string().max(200), clientSecret: z.string().max(500) }),
]);

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
  createSignInLink: defineRoute({
    name: 'createSignInLink',
    method: 'POST',
    path: '/login/link',
    summary: 'Get a link that signs one browser in as the caller, once, within 15 minutes.',
    tag: 'Sign-in',
    role: 'guest',
    isUnrepeatable: true,
    status: 201,
    reply: z.object({ url: z.string(), expiresInSeconds: z.int() }),
  }),
  createPageSession: defineRoute({
    name: 'createPageSession',
    method: 'POST',
    path: '/login/session',
    summary: 'Sign the browser in; the answer sets a cookie that pages of other sites cannot use.',
    tag: 'Sign-in',
    public: true,
    body: PageSignIn,
    status: 201,
    reply: z.object({ userId: UserId, userName: z.string(), expiresInSeconds: z.int() }),
  }),
  deletePageSession: defineRoute({
    name: 'deletePageSession',
    method: 'DELETE',
    path: '/login/session',
    summary: 'Sign the browser out.',
    tag: 'Sign-in',
    public: true,
    status: 204,
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
