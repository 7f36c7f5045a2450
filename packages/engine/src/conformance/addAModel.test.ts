import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { modelRegistry, type RegisteredModel } from '../models/registry.ts';
import { modelConformance } from './modelConformance.ts';

const folder = mkdtempSync(join(tmpdir(), 'athanor-guide-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The model of the guide, from the code on its page. */
async function readModel(): Promise<RegisteredModel> {
  const models = join(import.meta.dirname, '../models');
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/guides/add-a-model.md'), 'utf8');
  const code = /```ts\n([\s\S]*?)```/.exec(page)![1]!;
  // As if the file lay among the models.
  const placed = code.replaceAll(/from '(\.[^']+)'/g, (_, path: string) => `from '${join(models, path)}'`);
  const file = join(folder, 'nearestNeighbours.ts');
  writeFileSync(file, placed);
  const module = (await import(pathToFileURL(file).href)) as { nearestNeighboursModel: RegisteredModel };
  return module.nearestNeighboursModel;
}

describe('the model of the guide', async () => {
  const model = await readModel();
  for (const { demand, run } of modelConformance) test(demand, () => run(model));

  test('would be a new one', () => {
    expect(modelRegistry.map(({ kind }) => kind)).not.toContain(model.kind);
    expect(modelRegistry.map(({ simplicity }) => simplicity)).not.toContain(model.simplicity);
  });
});
