/**
 * Builds the page into packages/web/dist, compressed: `npm run build:page`, and by itself after `npm ci` and before
 * `npm run demo`. With `--if-needed` nothing is done when the built page is that of the present sources, or when the
 * tools are not there because this is an installation without development packages.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { root } from './sourceFiles.ts';

const web = join(root, 'packages', 'web');
const stamp = join(web, 'dist', 'sources.sha256');
/** Everything that the built page depends on. */
const sources = [
  'packages/web/{index.html,package.json,vite.config.ts}',
  'packages/web/{src,public}/**/*',
  'packages/schema/src/**/*.ts',
  'examples/concrete.csv',
  'package-lock.json',
];

/** Builds the page, or with `isOnlyIfNeeded` makes sure that there is one of the present sources where it can. */
export async function buildPage(isOnlyIfNeeded: boolean): Promise<void> {
  const hash = hashSources();
  const isFresh = existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
  if (!(isOnlyIfNeeded && (isFresh || !hasTools()))) await build(hash);
}

if (import.meta.main) await buildPage(process.argv.includes('--if-needed'));

async function build(hash: string): Promise<void> {
  const start = performance.now();
  const { build: bundle } = await import('vite');
  await bundle({ configFile: join(web, 'vite.config.ts') });
  for (const path of globSync('**/*.{html,js,css,svg,csv}', { cwd: join(web, 'dist') })) {
    const file = join(web, 'dist', path);
    const bytes = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
    writeFileSync(
      `${file}.br`,
      brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
    );
  }
  writeFileSync(stamp, hash);
  console.log(`The page is built (${((performance.now() - start) / 1000).toFixed(1)} s).`);
}

function hashSources(): string {
  const sum = createHash('sha256');
  for (const path of sources.flatMap((pattern) => globSync(pattern, { cwd: root, withFileTypes: true }))) {
    if (!path.isFile() || path.name.includes('.test.')) continue;
    const file = join(path.parentPath, path.name);
    sum.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return sum.digest('hex');
}

function hasTools(): boolean {
  return existsSync(join(root, 'node_modules', 'vite')) && existsSync(join(root, 'node_modules', '@mantine'));
}
