/**
 * Compiles the assembly into the two modules the package ships, as TypeScript files that hold base64: a package that
 * touches nothing cannot read a file. Run by hand (`npm run build:wasm`) it writes them; `scripts/generate.ts` calls
 * `compileModule` to check that they are what the source says.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { main as compile } from 'assemblyscript/asc';

const packageRoot = join(import.meta.dirname, '..');

const features = { simd: ['simd'], relaxedSimd: ['simd', 'relaxed-simd'] };
export type ModuleName = keyof typeof features;

/**
 * The generated file of one build.
 * @throws Error with the compiler's messages.
 */
export async function compileModule(name: ModuleName): Promise<string> {
  let binary: Uint8Array | null = null;
  const { error, stderr } = await compile(
    [
      'assembly/index.ts',
      '--baseDir',
      packageRoot,
      '-O3',
      '--converge',
      '--noAssert',
      '--runtime',
      'stub',
      '--importMemory',
      '--zeroFilledMemory',
      '--initialMemory',
      '32',
      '--maximumMemory',
      '65536',
      '--memoryBase',
      '64',
      ...features[name].flatMap((feature) => ['--enable', feature]),
      '--outFile',
      'module.wasm',
    ],
    {
      readFile(file, base) {
        try {
          return readFileSync(join(base, file), 'utf8');
        } catch {
          return null;
        }
      },
      writeFile(_file, contents) {
        if (typeof contents !== 'string') binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || binary === null)
    throw new Error(`asc: ${error?.message ?? 'no module'}\n${stderr.toString()}`);
  const text = Buffer.from(binary as Uint8Array)
    .toString('base64')
    .replace(/=+$/, '');
  const lines = text.match(/.{1,108}/g)!.map((line) => `  '${line}'`);
  return [
    '// Generated from packages/wasm/assembly by npm run build:wasm. Do not edit.',
    `/** The ${features[name].at(-1)} build of the routines, a WebAssembly module in base64 without padding. */`,
    `export const ${name} =\n${lines.join(' +\n')};`,
    '',
  ].join('\n');
}

/** Path of the generated file of a build, from the package. */
export function modulePath(name: ModuleName): string {
  return `build/${name}.ts`;
}

if (process.argv[1] === import.meta.filename) {
  for (const name of Object.keys(features) as ModuleName[]) {
    const path = join(packageRoot, modulePath(name));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, await compileModule(name));
    console.log(`wrote packages/wasm/${modulePath(name)}`);
  }
}
