import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { resolveConfig } from './config.ts';

const resolve = (options: Partial<Parameters<typeof resolveConfig>[0]> = {}) =>
  resolveConfig({ dataDirectory: 'data', ...options });

it('listens on this machine only unless told otherwise, and has nothing to warn of then', () => {
  const config = resolve();
  expect(config).toMatchObject({ host: '127.0.0.1', port: 3500, warnings: [] });
  expect([...config.hostNames].sort()).toEqual(['127.0.0.1', '[::1]', 'localhost']);
});

it('warns of listening to the network without TLS, and not with it', () => {
  expect(resolve({ host: '0.0.0.0' }).warnings[0]).toMatch(/without TLS.*--public-url/);
  expect(resolve({ host: '192.168.1.7', publicUrl: 'http://lab.example.com' }).warnings).toHaveLength(1);
  expect(resolve({ host: '0.0.0.0', publicUrl: 'https://lab.example.com' }).warnings).toEqual([]);
});

it('answers for its own names and the public one, and for no other', () => {
  expect(resolve({ publicUrl: 'https://Lab.example.com' }).hostNames).toContain('lab.example.com');
  expect(resolve({ host: '0.0.0.0' }).hostNames).toContain(hostname().toLowerCase());
  expect(resolve({ host: '192.168.1.7' }).hostNames).toContain('192.168.1.7');
  expect(resolve({ host: '::' }).hostNames).toContain('[::1]');
});

it('refuses options that make no sense, by name', () => {
  for (const port of [-1, 65_536, 1.5, Number.NaN]) expect(() => resolve({ port })).toThrow(/port/);
  for (const workers of [0, -1, 1.5]) expect(() => resolve({ workers })).toThrow(/workers/);
  for (const publicUrl of ['lab', 'ftp://lab', 'https://lab/path', 'javascript:alert(1)']) {
    expect(() => resolve({ publicUrl })).toThrow(/public URL/);
  }
  expect(() => resolve({ limits: { bodyBytes: -1 } })).toThrow(/bodyBytes/);
});
