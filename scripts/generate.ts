/**
 * Writes every generated file of the repository, or with `--check` fails when one is not what it would write.
 * A generated file says so in its first lines; nobody edits it.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compileModule } from '../packages/wasm/scripts/build.ts';
import { generateErrorsPage } from './generateErrorsPage.ts';
import { generateOpenApi } from './generateOpenApi.ts';
import { root } from './sourceFiles.ts';

const generators: Record<string, () => string | Promise<string>> = {
  'docs/errors.md': generateErrorsPage,
  'docs/openapi.json': generateOpenApi,
  'packages/wasm/build/simd.ts': () => compileModule('simd'),
  'packages/wasm/build/relaxedSimd.ts': () => compileModule('relaxedSimd'),
};

const isCheck = process.argv.includes('--check');
for (const [path, generate] of Object.entries(generators)) {
  const file = join(root, path);
  const wanted = await generate();
  const present = existsSync(file) ? readFileSync(file, 'utf8') : null;
  if (present === wanted) continue;
  if (isCheck) {
    console.error(`${path} is not what the source says; run npm run generate`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, wanted);
    console.log(`wrote ${path}`);
  }
}
