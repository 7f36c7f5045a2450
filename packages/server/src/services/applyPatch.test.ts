import { type PatchBody, ProblemError } from '@athanor/schema';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { applyPatch } from './applyPatch.ts';

const attributes = {
  name: { schema: z.string(), isRequired: true },
  fileName: { schema: z.string() },
  References: { schema: z.looseObject({ project_ids: z.array(z.string()) }) },
  target: { schema: z.array(z.string()) },
};
const record = {
  name: 'old',
  References: { project_ids: ['PRO1'], filter: { b: 1, a: 2 } },
  target: ['x'],
  albertId: 'DST1',
};

function patch(...data: PatchBody['data']) {
  return Object.fromEntries(applyPatch(record, { data }, attributes));
}

function codeOf(...data: PatchBody['data']): string {
  try {
    patch(...data);
  } catch (error) {
    expect(error).toBeInstanceOf(ProblemError);
    return (error as ProblemError).code;
  }
  return 'accepted';
}

it('changes nothing when nothing is asked', () => {
  expect(patch()).toEqual({});
});

it('adds, updates and deletes whole values, in any order', () => {
  expect(
    patch(
      { operation: 'delete', attribute: 'target', oldValue: ['x'] },
      { operation: 'add', attribute: 'fileName', newValue: 'a.csv' },
      { operation: 'update', attribute: 'name', oldValue: 'old', newValue: 'new' },
    ),
  ).toEqual({ target: undefined, fileName: 'a.csv', name: 'new' });
});

it('tells unset from clear', () => {
  expect(patch({ operation: 'update', attribute: 'target', oldValue: ['x'], newValue: [] })).toEqual({
    target: [],
  });
  expect(patch({ operation: 'delete', attribute: 'target', oldValue: ['x'] })).toEqual({ target: undefined });
  expect(patch({ operation: 'update', attribute: 'target', newValue: null })).toEqual({ target: undefined });
});

it('takes old values as the public client sees them: key order and absent or null keys do not matter', () => {
  const oldValue = { filter: { a: 2, b: 1 }, project_ids: ['PRO1'], sheet_ids: null };
  const newValue = { project_ids: ['PRO2'] };
  expect(patch({ operation: 'update', attribute: 'References', oldValue, newValue })).toEqual({
    References: newValue,
  });
  expect(codeOf({ operation: 'update', attribute: 'fileName', oldValue: null, newValue: 'x' })).toBe(
    'accepted',
  );
});

it('refuses a change made from what is no longer there', () => {
  expect(codeOf({ operation: 'update', attribute: 'name', oldValue: 'older', newValue: 'new' })).toBe(
    'LOST_UPDATE',
  );
  expect(codeOf({ operation: 'delete', attribute: 'target', oldValue: ['x', 'y'] })).toBe('LOST_UPDATE');
  expect(codeOf({ operation: 'update', attribute: 'target', oldValue: null, newValue: [] })).toBe(
    'LOST_UPDATE',
  );
});

it('refuses to add what is there, unless it is the same', () => {
  expect(codeOf({ operation: 'add', attribute: 'target', newValue: ['y'] })).toBe('PATCH_CONFLICT');
  expect(codeOf({ operation: 'add', attribute: 'target', newValue: ['x'] })).toBe('accepted');
});

it('refuses attributes that cannot be changed, two changes of one, wrong values, and taking away the needed', () => {
  expect(codeOf({ operation: 'update', attribute: 'albertId', newValue: 'DST2' })).toBe(
    'ATTRIBUTE_NOT_PATCHABLE',
  );
  expect(codeOf({ operation: 'update', attribute: 'constructor', newValue: 1 })).toBe(
    'ATTRIBUTE_NOT_PATCHABLE',
  );
  expect(codeOf({ operation: 'update', attribute: 'name', newValue: 5 })).toBe('FIELD_INVALID');
  expect(codeOf({ operation: 'delete', attribute: 'name', oldValue: 'old' })).toBe('FIELD_INVALID');
  const twice = { operation: 'update', attribute: 'name', newValue: 'a' } as const;
  expect(codeOf(twice, twice)).toBe('PATCH_CONFLICT');
});
