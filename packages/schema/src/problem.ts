import { z } from 'zod';
import { errorCodes, errorTable, type ErrorCode } from './errors.ts';

/** Where the trouble is: a place in a file or a field of the request. */
export const ProblemLocation = z
  .object({
    /** Path of a field of the request, e.g. `body/data/0/operation`. */
    field: z.string().optional(),
    file: z.string().optional(),
    sheet: z.string().optional(),
    /** 1-based row of the file, counting the header. */
    row: z.int().optional(),
    column: z.string().optional(),
    /** The offending value, cut to 100 characters. */
    value: z.string().max(100).optional(),
  })
  .meta({ id: 'ProblemLocation' });
export type ProblemLocation = z.infer<typeof ProblemLocation>;

/** One complaint. A refusal may hold several, e.g. all wrong fields of a body at once. */
export const ProblemItem = z
  .object({
    code: z.enum(errorCodes),
    message: z.string(),
    location: ProblemLocation,
    fix: z.string(),
  })
  .meta({ id: 'ProblemItem' });
export type ProblemItem = z.infer<typeof ProblemItem>;

/**
 * The answer to everything that went wrong: RFC 9457 problem details with `code`, `location` and `fix`, and
 * `errors`, the list that the public client prints.
 */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(errorCodes),
    detail: z.string(),
    location: ProblemLocation,
    fix: z.string(),
    requestId: z.string().optional(),
    /** RFC 6749 word of a refused sign-in, e.g. `invalid_client`. */
    error: z.string().optional(),
    errors: z.array(ProblemItem),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;

/** Builds the answer for one or more complaints; the first one gives status and code. */
export function toProblem(items: readonly ProblemItem[], requestId?: string): Problem {
  const first = items[0];
  if (first === undefined) throw new TypeError('a problem needs at least one complaint');
  const entry = errorTable[first.code];
  return {
    type: `/docs/errors#${first.code.toLowerCase()}`,
    title: entry.title,
    status: entry.status,
    code: first.code,
    detail: first.message,
    location: first.location,
    fix: first.fix,
    ...(requestId === undefined ? {} : { requestId }),
    errors: [...items],
  };
}

/** A complaint with the usual remedy of its code unless a better one is given. */
export function problemItem(
  code: ErrorCode,
  message: string,
  location: ProblemLocation = {},
  fix?: string,
): ProblemItem {
  return { code, message, location: shortenValue(location), fix: fix ?? errorTable[code].fix };
}

function shortenValue(location: ProblemLocation): ProblemLocation {
  if (location.value === undefined || location.value.length <= 100) return location;
  return { ...location, value: `${location.value.slice(0, 99)}…` };
}
