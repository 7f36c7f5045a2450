import { ProblemError } from '@athanor/schema';
import type { z } from 'zod';
import { describeIssue } from './describeIssue.ts';

/**
 * What `schema` makes of a part of a request: `body`, `query`, `path`, or a place in one.
 * @throws ProblemError with every complaint at once.
 */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  part: string,
): z.output<Schema> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw new ProblemError(result.error.issues.flatMap((issue) => describeIssue(issue, part)));
}
