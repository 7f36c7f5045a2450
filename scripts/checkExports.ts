/**
 * One exported idea a file, named after it, and a public surface that is one file a package. Checks that every
 * file's name is (in any case style) one of its exports, and that no file has outgrown one idea.
 */
import { basename } from 'node:path';
import { readSourceFiles } from './sourceFiles.ts';

/** Files that are a list or a start rather than an idea. */
const lists = new Set(['index', 'main', 'child', 'worker', 'api']);
/** Beyond this many lines a file needs a sentence that says why, opening with "Long because". */
const maxLines = 400;

let failed = false;
function complain(message: string): void {
  console.error(message);
  failed = true;
}

for (const { path, text } of readSourceFiles()) {
  if (path.endsWith('.test.ts') || path.endsWith('.test.tsx')) continue;
  const name = basename(path).replace(/\.tsx?$/, '');
  const lines = text.split('\n').length;
  if (lines > maxLines && !text.includes('Long because'))
    complain(`${path}: ${lines} lines; split it, or say why it is one idea`);
  if (lists.has(name) || /\/(routes|migrations|kinds|commands)\//.test(path)) continue;
  const exported = [
    ...text.matchAll(
      /^export (?:abstract )?(?:const|function\*?|async function\*?|class|interface|type)\s+(\w+)/gm,
    ),
  ].map((match) => match[1]!.toLowerCase());
  if (exported.length === 0) {
    complain(`${path}: exports nothing`);
    continue;
  }
  const idea = name.toLowerCase();
  const stem = idea.replace(/s$/, '');
  const matches = exported.some((one) => one === idea || one.includes(stem) || idea.includes(one));
  if (!matches) complain(`${path}: none of its exports (${exported.join(', ')}) carries the file's name`);
}
process.exitCode = failed ? 1 : 0;
