import { expect, it } from 'vitest';
import { curlOf, pythonText } from './codeOf.ts';

it('writes values as Python does', () => {
  expect(pythonText({ a: [1, 'x"y', null, true], b: { c: false } })).toBe(
    '{"a": [1, "x\\"y", None, True], "b": {"c": False}}',
  );
});

it('keeps a body with quotes one word of the shell', () => {
  const line = curlOf('http://h', 'POST', '/x', { name: "it's" });
  expect(line).toContain(`-d '{"name":"it'\\''s"}'`);
  expect(line).toContain("-X POST 'http://h/api/v3/x'");
});
