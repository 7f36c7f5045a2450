import { globSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** The repository's root. */
export const root = join(import.meta.dirname, '..');

export interface SourceFile {
  /** Path from the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Every TypeScript file of the packages, tests included, generated files left out. */
export function readSourceFiles(): SourceFile[] {
  return globSync('packages/*/{src,reference}/**/*.{ts,tsx}', { cwd: root })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => !path.includes('node_modules') && !path.endsWith('.d.ts'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** Module names a file imports or re-exports, in order. */
export function importsOf(text: string): string[] {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s*'([^']+)'|(?:^|\n)\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/g;
  return [...text.matchAll(pattern)].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

/** Path of a file from the root for messages. */
export function display(path: string): string {
  return relative(root, path).split(sep).join('/');
}
