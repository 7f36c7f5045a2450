import { createHmac, timingSafeEqual } from 'node:crypto';
import { FileNamespace, ProblemError } from '@athanor/schema';
import { z } from 'zod';

/** What one address allows: one thing, with one file, for a while. */
const Grant = z.object({
  method: z.enum(['GET', 'PUT']),
  tenantId: z.int(),
  userId: z.int(),
  namespace: FileNamespace,
  name: z.string(),
  /** Version to download. */
  versionId: z.int().optional(),
  /** Content type that the upload must have. */
  contentType: z.string().optional(),
  metadata: z.array(z.record(z.string(), z.string())).optional(),
  /** Milliseconds since 1970. */
  expiresAt: z.number(),
});
export type AddressGrant = z.infer<typeof Grant>;

/** The part of a signed address that carries the grant; only this server can make it. */
export function signAddress(key: Uint8Array, grant: AddressGrant): string {
  const payload = Buffer.from(JSON.stringify(grant)).toString('base64url');
  return `${payload}.${mac(key, payload).toString('base64url')}`;
}

/** @throws ProblemError FILE_URL_INVALID when it was not made here, is for something else, or is too old. */
export function readSignedAddress(
  key: Uint8Array,
  signature: string,
  method: AddressGrant['method'],
  now: number,
): AddressGrant {
  const [payload = '', given = '', ...rest] = signature.split('.');
  const expected = mac(key, payload);
  const actual = Buffer.from(given, 'base64url');
  const isOurs = rest.length === 0 && actual.length === expected.length && timingSafeEqual(actual, expected);
  if (isOurs) {
    const grant = Grant.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
    if (grant.method === method && now < grant.expiresAt) return grant;
  }
  throw ProblemError.of('FILE_URL_INVALID', 'This signed address is not valid or has expired.');
}

function mac(key: Uint8Array, payload: string): Buffer {
  // The prefix keeps these signatures apart from those of tokens, which share the key.
  return createHmac('sha256', key).update(`athanor file address\n${payload}`).digest();
}
