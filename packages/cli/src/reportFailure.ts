import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { ProblemError, type ProblemLocation } from '@athanor/schema';
import { CommandError } from './commandError.ts';
import { wrapText } from './wrapText.ts';

/** Prints what went wrong for a person: what, where, and what to do about it. Never a stack trace for bad input. */
export function reportFailure(error: unknown): void {
  if (error instanceof ProblemError) {
    for (const item of error.items)
      print(item.message, describeLocation(item.location), `${item.fix}  (${item.code})`);
    return;
  }
  if (error instanceof CommandError) {
    print(error.message, '', error.fix);
    return;
  }
  const known = error instanceof Error && 'code' in error ? describeSystemError(error) : null;
  if (known !== null) {
    print(known.message, '', known.fix);
    return;
  }
  print(error instanceof Error ? error.message : String(error), '', '');
  if (error instanceof Error && error.cause instanceof Error)
    console.error(`  because: ${error.cause.message}`);
}

/** Lines are broken where a person reads them; a log keeps each in one piece. */
function print(message: string, place: string, fix: string): void {
  const width = process.stderr.columns ?? Infinity;
  console.error(wrapText(`athanor: ${message}`, width, '  '));
  if (place !== '') console.error(wrapText(`  where: ${place}`, width, '         '));
  if (fix !== '') console.error(wrapText(`  fix:   ${fix}`, width, '         '));
}

/** What the operating system refused, in words. */
function describeSystemError(error: Error): { message: string; fix: string } | null {
  const { code, path, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (code === 'EADDRINUSE')
    return {
      message: `port ${port} is taken by another program, or by an Athanor on another data directory`,
      fix: 'Choose another with --port; 0 takes any free one.',
    };
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return {
      message: `this machine has no address ${address ?? ''}`.trimEnd(),
      fix: 'Name one of its own with --host: 127.0.0.1 for this machine only, 0.0.0.0 for everyone on the network.',
    };
  // Reading a folder that could be opened gives no path.
  if (code === 'EISDIR')
    return { message: `${path ?? 'what was named'} is a folder, not a file`, fix: 'Name a file in it.' };
  if (path === undefined) return null;
  if (code === 'ENOENT')
    return existsSync(dirname(path))
      ? { message: `there is no file ${path}`, fix: 'Check its name and the folder you are in.' }
      : { message: `there is no folder ${dirname(path)}`, fix: 'Check its name, or make it first.' };
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return {
      message: `${path} may not be read or written by you`,
      fix: 'Change its permissions, or name another.',
    };
  return null;
}

function describeLocation(location: ProblemLocation): string {
  const parts: string[] = [];
  // Places in a request mean nothing to somebody who typed a command.
  if (location.field !== undefined && !/^(body|path|query)\//.test(location.field))
    parts.push(`field ${location.field}`);
  if (location.file !== undefined) parts.push(location.file);
  if (location.sheet !== undefined) parts.push(`sheet ${location.sheet}`);
  if (location.row !== undefined) parts.push(`row ${location.row}`);
  if (location.column !== undefined) parts.push(`column "${location.column}"`);
  if (location.value !== undefined) parts.push(`value "${location.value}"`);
  return parts.join(', ');
}
