import { fileNamespaces, ProblemError } from '@athanor/schema';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AddressGrant, readSignedAddress, signAddress } from './signedAddress.ts';

const key = new Uint8Array(32).fill(7);
const grants = fc.record({
  method: fc.constantFrom('GET', 'PUT'),
  tenantId: fc.nat(),
  userId: fc.nat(),
  namespace: fc.constantFrom(...fileNamespaces),
  name: fc.string({ unit: 'grapheme', minLength: 1 }),
  expiresAt: fc.nat(),
}) as fc.Arbitrary<AddressGrant>;

it('gives the grant back until it expires, for its method only', () => {
  fc.assert(
    fc.property(grants, (grant) => {
      const signature = signAddress(key, grant);
      expect(signature).toMatch(/^[\w-]+\.[\w-]+$/);
      expect(readSignedAddress(key, signature, grant.method, grant.expiresAt - 1)).toEqual(grant);
      const other = grant.method === 'GET' ? 'PUT' : 'GET';
      expect(() => readSignedAddress(key, signature, other, 0)).toThrow(ProblemError);
      expect(() => readSignedAddress(key, signature, grant.method, grant.expiresAt)).toThrow(ProblemError);
    }),
  );
});

it('refuses every other text, whichever character was changed', () => {
  fc.assert(
    fc.property(grants, fc.nat(), (grant, place) => {
      const signature = signAddress(key, grant);
      const at = place % signature.length;
      const changed = signature.slice(0, at) + (signature[at] === 'A' ? 'B' : 'A') + signature.slice(at + 1);
      // The last character of base64 carries bits that mean nothing.
      if (
        Buffer.from(changed.split('.')[1] ?? '', 'base64url').equals(
          Buffer.from(signature.split('.')[1]!, 'base64url'),
        ) &&
        changed.split('.')[0] === signature.split('.')[0]
      )
        return;
      expect(() => readSignedAddress(key, changed, grant.method, 0)).toThrow(ProblemError);
    }),
  );
  expect(() =>
    readSignedAddress(new Uint8Array(32), signAddress(key, fc.sample(grants, 1)[0]!), 'GET', 0),
  ).toThrow(ProblemError);
});
