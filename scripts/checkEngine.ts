/**
 * The engine is pure: clock, randomness, environment and I/O are arguments. This check reads its source for the
 * names by which the world usually gets in.
 */
import { readSourceFiles } from './sourceFiles.ts';

const forbidden: [RegExp, string][] = [
  [/\bMath\.random\b/, 'take a Generator'],
  [/\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b/, 'take the clock as an argument'],
  [/\bprocess\.(env|argv|cwd|hrtime|exit)\b/, 'take it as an argument'],
  [/\bfetch\(/, 'the engine has no network'],
  [/\bconsole\./, 'return a warning instead'],
];

let failed = false;
for (const { path, text } of readSourceFiles()) {
  if (!/^packages\/(engine|wasm)\//.test(path) || path.endsWith('.test.ts')) continue;
  text.split('\n').forEach((line, index) => {
    if (/^\s*(\/\/|\*|\/\*)/.test(line)) return;
    for (const [pattern, remedy] of forbidden) {
      if (pattern.test(line)) {
        console.error(`${path}:${index + 1}: ${line.trim()} — ${remedy}`);
        failed = true;
      }
    }
  });
}
process.exitCode = failed ? 1 : 0;
