import { expect, it } from 'vitest';
import { decodeBase64 } from './decodeBase64.ts';

it('decodes what Node encodes, for every length and every byte', () => {
  for (let length = 0; length < 260; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 255);
    const text = Buffer.from(bytes).toString('base64').replaceAll('=', '');
    expect(decodeBase64(text)).toEqual(bytes);
  }
});
