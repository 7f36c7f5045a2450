import { isDeepStrictEqual } from 'node:util';
import { type PatchBody, ProblemError } from '@athanor/schema';
import type { z } from 'zod';
import { describeIssue } from '../validation/describeIssue.ts';

/** What may be patched: wire name of the attribute to the schema of its value and whether it may be taken away. */
export type PatchableAttributes = Readonly<
  Record<string, { readonly schema: z.ZodType; readonly isRequired?: boolean }>
>;

/** New values by attribute; `undefined` takes the attribute away. */
export type PatchedValues = ReadonlyMap<string, unknown>;

/**
 * Checks the changes of a PATCH against the record as it is now and gives the new values. Attributes hold whole
 * values; nothing is merged.
 * @throws ProblemError with every complaint: ATTRIBUTE_NOT_PATCHABLE, FIELD_INVALID, PATCH_CONFLICT, or
 * LOST_UPDATE when an old value is no longer the stored one.
 */
export function applyPatch(
  record: Readonly<Record<string, unknown>>,
  patch: PatchBody,
  attributes: PatchableAttributes,
): PatchedValues {
  const changes = new Map<string, unknown>();
  patch.data.forEach((datum, index) => {
    const { operation, attribute } = datum;
    const field = `body/data/${index}`;
    if (!Object.hasOwn(attributes, attribute)) {
      throw ProblemError.of(
        'ATTRIBUTE_NOT_PATCHABLE',
        `${attribute.slice(0, 100)} cannot be changed; ${Object.keys(attributes).join(', ')} can.`,
        { field: `${field}/attribute`, value: attribute },
      );
    }
    if (changes.has(attribute)) {
      throw ProblemError.of('PATCH_CONFLICT', `${attribute} is changed twice.`, { field });
    }
    const { schema, isRequired = false } = attributes[attribute]!;
    const present = record[attribute];

    if (operation === 'add') {
      if (present !== undefined && !isSame(present, datum.newValue)) {
        throw ProblemError.of('PATCH_CONFLICT', `${attribute} has a value already.`, { field });
      }
    } else if (Object.hasOwn(datum, 'oldValue') && !isSame(present, datum.oldValue)) {
      throw ProblemError.of(
        'LOST_UPDATE',
        `${attribute} is no longer what it was when this change was made; somebody else changed it first.`,
        { field: `${field}/oldValue` },
      );
    }
    if (operation === 'delete' || datum.newValue === null || datum.newValue === undefined) {
      if (isRequired) {
        throw ProblemError.of('FIELD_INVALID', `${attribute} cannot be taken away.`, { field });
      }
      changes.set(attribute, undefined);
      return;
    }
    const result = schema.safeParse(datum.newValue, { reportInput: true });
    if (!result.success) {
      throw new ProblemError(
        result.error.issues.flatMap((issue) => describeIssue(issue, `${field}/newValue`)),
      );
    }
    changes.set(attribute, result.data);
  });
  return changes;
}

/**
 * Equality as the public client sees it: it does not tell an absent value from null, nor an absent key of an
 * object from one that is null.
 */
function isSame(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(withoutNulls(a), withoutNulls(b));
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null && item !== undefined)
      .map(([key, item]) => [key, withoutNulls(item)]),
  );
}
