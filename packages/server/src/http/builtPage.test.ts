import { mkdirSync, mkdtempSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BuiltPage } from './builtPage.ts';

let folder: string;
let builds = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'athanor-page-'));
  mkdirSync(join(folder, 'assets'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
function endBuild(): void {
  write('sources.sha256', '');
  utimesSync(join(folder, 'sources.sha256'), ++builds, builds);
}
const textOf = (page: BuiltPage, name: string, ...accepted: string[]): string | undefined =>
  page.read(name, accepted)?.bytes.toString();

it('reads built files, compressed ones where the client takes them, and nothing beside them', () => {
  write('index.html', 'document');
  write('assets/a.js', 'a');
  write('assets/a.js.br', 'a in brotli');
  endBuild();
  const page = new BuiltPage(folder);
  expect(page.read('assets/a.js', ['gzip'])).toMatchObject({
    encoding: null,
    contentType: 'text/javascript; charset=utf-8',
  });
  expect(page.read('assets/a.js', ['gzip', 'br'])!.encoding).toBe('br');
  expect(textOf(page, 'assets/a.js', 'br')).toBe('a in brotli');
  for (const name of ['assets/b.js', 'assets/a.js.br', 'sources.sha256', '../index.html', ''])
    expect(page.read(name, []), name).toBeNull();
});

it('serves a page that is built anew, and knows the files of the old one no longer', () => {
  write('index.html', 'old');
  write('assets/old.js', 'old');
  write('assets/seldom.js', 'old');
  endBuild();
  const page = new BuiltPage(folder);
  expect(textOf(page, 'index.html')).toBe('old');
  const { etag } = page.read('index.html', [])!;
  unlinkSync(join(folder, 'assets/seldom.js'));
  expect(page.read('assets/seldom.js', [])).toBeNull();
  unlinkSync(join(folder, 'assets/old.js'));
  write('index.html', 'new');
  write('assets/new.js', 'new');
  endBuild();
  expect(textOf(page, 'index.html')).toBe('new');
  expect(page.read('index.html', [])!.etag).not.toBe(etag);
  expect(textOf(page, 'assets/new.js')).toBe('new');
  expect(page.read('assets/old.js', [])).toBeNull();
});

it('has nothing where nothing was built, and the page once it was', () => {
  const page = new BuiltPage(join(folder, 'assets'));
  expect(page.read('index.html', [])).toBeNull();
  write('assets/index.html', 'document');
  write('assets/sources.sha256', '');
  expect(textOf(page, 'index.html')).toBe('document');
  expect(new BuiltPage(join(folder, 'nowhere')).read('index.html', [])).toBeNull();
});
