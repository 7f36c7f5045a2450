import { ProblemError, type ProblemLocation } from '@athanor/schema';

/** Prints what went wrong for a person: what, where, and what to do about it. Never a stack trace for bad input. */
export function reportFailure(error: unknown): void {
  if (error instanceof ProblemError) {
    for (const item of error.items) {
      console.error(`athanor: ${item.message}`);
      const place = describeLocation(item.location);
      if (place !== '') console.error(`  where: ${place}`);
      console.error(`  fix:   ${item.fix}  (${item.code})`);
    }
    return;
  }
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT' && 'path' in error) {
    console.error(`athanor: there is no file ${String(error.path)}`);
    return;
  }
  console.error(`athanor: ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof Error && error.cause instanceof Error)
    console.error(`  because: ${error.cause.message}`);
}

function describeLocation(location: ProblemLocation): string {
  const parts: string[] = [];
  if (location.field !== undefined) parts.push(`field ${location.field}`);
  if (location.file !== undefined) parts.push(location.file);
  if (location.sheet !== undefined) parts.push(`sheet ${location.sheet}`);
  if (location.row !== undefined) parts.push(`row ${location.row}`);
  if (location.column !== undefined) parts.push(`column "${location.column}"`);
  if (location.value !== undefined) parts.push(`value "${location.value}"`);
  return parts.join(', ');
}
