import { problemItem, type ProblemItem } from '@athanor/schema';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** Complaints about a part of a request (`body`, `query`, `path`) in the words of a person, one a field. */
export function describeIssue(issue: Issue, part: string): ProblemItem[] {
  const field = [part, ...issue.path.map(String)].join('/');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const unknown = `${field}/${key}`;
      return problemItem('FIELD_UNKNOWN', `${unknown} does not exist`, { field: unknown });
    });
  }
  const value = shownValue(issue.input);
  return [
    problemItem('FIELD_INVALID', `${field} ${trouble(issue)}`, {
      field,
      ...(value === null ? {} : { value }),
    }),
  ];
}

function trouble(issue: Issue): string {
  // Written beside the schema, e.g. "must look like DST1".
  if (issue.message.startsWith('must')) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is missing'
        : `must be ${kindName(issue.expected)}, not ${kindOf(issue.input)}`;
    case 'invalid_value':
      return issue.input === undefined
        ? 'is missing'
        : `must be one of: ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `must ${boundName(issue.origin)} ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      return `must ${boundName(issue.origin)} ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`;
    case 'invalid_union':
      return issue.input === undefined ? 'is missing' : 'has none of the allowed kinds of value';
    default:
      return issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  }
}

function kindName(expected: string): string {
  const names: Record<string, string> = {
    int: 'a whole number',
    number: 'a number',
    string: 'a text',
    boolean: 'true or false',
    array: 'a list',
    object: 'an object',
    record: 'an object',
    null: 'null',
  };
  return names[expected] ?? expected;
}

function kindOf(input: unknown): string {
  if (input === null) return 'null';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'an object';
  if (typeof input === 'string') return 'a text';
  if (typeof input === 'number') return 'a number';
  return String(input);
}

function boundName(origin: string): string {
  if (origin === 'string') return 'have a number of characters of';
  if (origin === 'array' || origin === 'set') return 'have a number of items of';
  return 'be';
}

/** Scalars are shown back so that the sender finds them; anything larger is not. */
function shownValue(input: unknown): string | null {
  return typeof input === 'string' || typeof input === 'number' || typeof input === 'boolean'
    ? String(input)
    : null;
}
