import { ProblemError } from '@athanor/schema';

/** Deeper nesting than any record has; beyond it recursive code would be at risk. */
const maxDepth = 64;

/**
 * Texts that JSON allows and records do not hold are rare, and each leaves one of these traces: an escape that may
 * be NUL or half a character, a number beyond the doubles, a key that reaches for a prototype.
 */
const suspicious = /\\u|__proto__|"constructor"|[0-9][eE]\+?[0-9]{3}|[0-9]{309}/;

/**
 * Reads a JSON document from a request, strictly: UTF-8, at most 64 levels, finite numbers, no NUL and no lone
 * surrogates in strings, no `__proto__`.
 * @throws ProblemError BODY_MALFORMED with the position, or FIELD_INVALID with the path.
 */
export function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw ProblemError.of('BODY_MALFORMED', 'The body is not valid UTF-8.', { field: 'body' });
  }
  refuseDeepNesting(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const place = positionOf(text, findSyntaxError(text));
    throw ProblemError.of('BODY_MALFORMED', `The body is not valid JSON at ${place}.`, { field: 'body' });
  }
  if (suspicious.test(text)) refuseUnsafe(value, 'body');
  return value;
}

function refuseDeepNesting(text: string): void {
  let depth = 0;
  let isInString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isInString) {
      if (code === 0x5c) i += 1;
      else if (code === 0x22) isInString = false;
    } else if (code === 0x22) {
      isInString = true;
    } else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > maxDepth) {
        throw ProblemError.of(
          'BODY_MALFORMED',
          `The body is nested deeper than ${maxDepth} levels at ${positionOf(text, i)}.`,
          { field: 'body' },
        );
      }
    } else if (code === 0x5d || code === 0x7d) {
      depth -= 1;
    }
  }
}

function refuseUnsafe(value: unknown, path: string): void {
  const refuse = (trouble: string): never => {
    throw ProblemError.of('FIELD_INVALID', `${path} ${trouble}`, { field: path });
  };
  if (typeof value === 'number' && !Number.isFinite(value)) refuse('is not a finite number');
  if (typeof value === 'string') {
    if (value.includes('\0')) refuse('contains a NUL character');
    if (!value.isWellFormed()) refuse('contains half of a character (a lone surrogate)');
  }
  if (Array.isArray(value)) value.forEach((item, index) => refuseUnsafe(item, `${path}/${index}`));
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      const isPrototype =
        key === '__proto__' ||
        (key === 'constructor' &&
          typeof item === 'object' &&
          item !== null &&
          Object.hasOwn(item, 'prototype'));
      if (isPrototype) refuse(`has a key that is not allowed: ${key}`);
      refuseUnsafe(key, `${path}, a key,`);
      refuseUnsafe(item, `${path}/${key}`);
    }
  }
}

function positionOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

/** Offset of the first character that cannot be there. Only called for texts that JSON.parse has refused. */
function findSyntaxError(text: string): number {
  const space = /[ \t\n\r]*/y;
  const scalar = /true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9.eE+-])/y;
  const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
  let at = 0;
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return false;
    at += match[0].length;
    return true;
  };
  const skipCharacter = (character: string): boolean => {
    skip(space);
    if (text[at] !== character) return false;
    at += 1;
    return true;
  };
  const members = (close: string, member: () => boolean): boolean => {
    if (skipCharacter(close)) return true;
    do if (!member()) return false;
    while (skipCharacter(','));
    return skipCharacter(close);
  };
  const property = (): boolean => {
    skip(space);
    return skip(string) && skipCharacter(':') && value();
  };
  const value = (): boolean => {
    skip(space);
    if (skipCharacter('{')) return members('}', property);
    if (skipCharacter('[')) return members(']', value);
    return skip(string) || skip(scalar);
  };
  if (value()) skip(space);
  return at;
}
