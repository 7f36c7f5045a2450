import { ProblemError } from '@athanor/schema';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseJson } from './parseJson.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

it('reads every JSON document as JSON.parse does', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 10 }), (text) => {
      if (/__proto__|constructor/.test(text)) return;
      expect(parseJson(bytes(text))).toEqual(JSON.parse(text));
    }),
  );
});

it('names the position of the first character that cannot be there', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.nat(), (text, place) => {
      // A character that is valid nowhere outside a text cuts the document there at the latest.
      const at = place % (text.length + 1);
      const broken = `${text.slice(0, at)}\u0001${text.slice(at)}`;
      try {
        parseJson(bytes(broken));
      } catch (error) {
        expect(error).toBeInstanceOf(ProblemError);
        const [, line, column] = /line (\d+), column (\d+)/.exec((error as Error).message)!;
        const offset =
          broken
            .split('\n')
            .slice(0, Number(line) - 1)
            .join('\n').length + Number(column);
        expect(offset).toBeLessThanOrEqual(at + 2);
        return;
      }
      throw new Error('it was accepted');
    }),
  );
});

it('skips a byte-order mark', () => {
  expect(parseJson(new Uint8Array([0xef, 0xbb, 0xbf, ...bytes('{"a":1}')]))).toEqual({ a: 1 });
});

it('counts brackets inside texts as text', () => {
  const text = JSON.stringify({ a: `${'['.repeat(100)}"\\` });
  expect(parseJson(bytes(text))).toEqual(JSON.parse(text));
});

it('takes time in proportion to the length, whatever the text is', () => {
  const baits = [
    (n: number) => `"${'\\u0041'.repeat(n)}"`,
    (n: number) => `[${'1'.repeat(n)}x]`,
    (n: number) => `["${'\\'.repeat(n)}`,
    (n: number) => `{"a":"${' '.repeat(n)}`,
    (n: number) => `[${'0,'.repeat(n)}]`,
  ];
  // Processor time of this thread, in milliseconds: other programs do not count.
  const time = (text: string): number => {
    const begin = process.threadCpuUsage();
    try {
      parseJson(bytes(text));
    } catch {
      // Most baits are refused.
    }
    const { user, system } = process.threadCpuUsage(begin);
    return (user + system) / 1000;
  };
  for (const bait of baits) {
    time(bait(1_000));
    // Quadratic work would take ten thousand times as long.
    expect(time(bait(100_000))).toBeLessThan(200 * Math.max(time(bait(1_000)), 0.5));
  }
});
