import { describe, expect, test } from 'vitest';
import { modelRegistry } from '../models/registry.ts';
import { modelConformance } from './modelConformance.ts';

describe.each(modelRegistry.map((model) => [model.title, model] as const))('%s', (_, model) => {
  for (const check of modelConformance) {
    const reason = model.exemptions?.[check.name];
    if (reason === undefined) test(check.demand, () => check.run(model));
    else test.skip(`${check.demand} (exempt: ${reason})`, () => {});
  }

  test('claims exemptions only from checks that there are', () => {
    const names = modelConformance.map(({ name }) => name);
    for (const name of Object.keys(model.exemptions ?? {})) expect(names).toContain(name);
  });
});

test('kinds and titles are unique, and only the constant is as simple as it', () => {
  expect(new Set(modelRegistry.map(({ kind }) => kind)).size).toBe(modelRegistry.length);
  expect(new Set(modelRegistry.map(({ title }) => title)).size).toBe(modelRegistry.length);
  expect(new Set(modelRegistry.map(({ simplicity }) => simplicity)).size).toBe(modelRegistry.length);
});
