import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { contentDisposition } from './contentDisposition.ts';

it('is one safe header line for any name, and carries the name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const header = contentDisposition(name);
      const [, ascii, encoded] =
        /^attachment; filename="([\x20-\x7e]*)"; filename\*=UTF-8''([\w.~!$&+^`|#%-]*)$/.exec(header)!;
      expect(ascii).not.toMatch(/["\\]/);
      const last = name.split(/[/\\]/).findLast((part) => part !== '') ?? 'file';
      expect(decodeURIComponent(encoded!)).toBe(last.toWellFormed());
    }),
  );
});
