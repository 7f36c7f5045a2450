import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { descriptorNames } from './describeMolecule.ts';
import { MoleculeReader } from './moleculeReader.ts';

interface Golden {
  readonly molecules: readonly {
    readonly text: string;
    readonly smiles: string;
    readonly descriptors: { readonly [name: string]: number };
    readonly counts: readonly (readonly [number, number])[];
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL('../../../../fixtures/molecules/golden.json', import.meta.url), 'utf8'),
) as Golden;

const reader = new MoleculeReader();
afterAll(() => reader.close());

describe('reading SMILES', () => {
  test('two spellings of one molecule have one canonical SMILES and equal numbers', async () => {
    const { byText } = await reader.describe(['OCC', 'C(C)O', 'CCO']);
    const [a, b, c] = [...byText.values()];
    expect(a).toMatchObject({ smiles: 'CCO' });
    expect(b).toEqual(a);
    expect(c).toEqual(a);
  });

  test('every descriptor is there, by name', async () => {
    const { byText, descriptorNames: names } = await reader.describe(['CC(=O)Oc1ccccc1C(=O)[O-].[Na+]']);
    const aspirin = byText.get('CC(=O)Oc1ccccc1C(=O)[O-].[Na+]')!;
    const value = (name: string) =>
      'descriptors' in aspirin ? aspirin.descriptors[names.indexOf(name)] : undefined;
    expect(names).toEqual(descriptorNames);
    expect(new Set(names).size).toBe(names.length);
    expect(value('NumHeavyAtoms')).toBe(14);
    expect(value('oxygenCount')).toBe(4);
    expect(value('aromaticShare')).toBeCloseTo(6 / 14, 12);
    expect(value('negativeCount')).toBe(1);
    expect(value('positiveCount')).toBe(1);
    expect(value('doubleBondCount')).toBe(2);
  });

  test('canonical SMILES, descriptors and environment counts are those of RDKit for Python', async () => {
    const { byText } = await reader.describe(golden.molecules.map(({ text }) => text));
    for (const { text, smiles, descriptors, counts } of golden.molecules) {
      const found = byText.get(text)!;
      if ('reason' in found) throw new Error(`${text}: ${found.reason}`);
      expect(found.smiles).toBe(smiles);
      expect([...found.environments].map((environment, e) => [environment, found.counts[e]])).toEqual(counts);
      for (const [name, value] of Object.entries(descriptors))
        expect(found.descriptors[descriptorNames.indexOf(name)], `${name} of ${text}`).toBeCloseTo(value, 6);
    }
  });

  test.each([
    ['C(C)(C)(C)(C)C', /valence/],
    ['c1cccc1', /kekulize/i],
    ['CC(', /./],
    ['', /empty/],
    ['  ', /empty/],
    ['*CC*', /no element/],
    ['C'.repeat(401), /401 atoms, more than 400/],
  ])('%s is refused with the reason', async (text, reason) => {
    const { byText } = await reader.describe([text]);
    expect(byText.get(text)).toMatchObject({ reason: expect.stringMatching(reason) });
  });

  test('a molecule of 400 atoms is read', async () => {
    const text = 'C'.repeat(400);
    expect((await reader.describe([text])).byText.get(text)).toMatchObject({ smiles: text });
  });
});

describe('a thread that dies', () => {
  const troubled = (maxMs: number) =>
    new MoleculeReader({
      entry: new URL('../../../../test/faults/misbehavingReader.ts', import.meta.url),
      maxMs,
    });

  test('costs only the molecule it died of', async () => {
    const own = troubled(300);
    const { byText } = await own.describe(['CC', 'hang', 'CO', 'crash', 'exit', 'CN']);
    expect(byText.get('hang')).toEqual({ reason: 'reading it took longer than 0.3 seconds' });
    expect(byText.get('crash')).toEqual({ reason: 'reading it made RDKit crash' });
    expect(byText.get('exit')).toEqual({ reason: 'reading it made RDKit crash' });
    for (const text of ['CC', 'CO', 'CN']) expect(byText.get(text)).toMatchObject({ smiles: text });
    await own.close();
  });

  test('that cannot start is an error and no property of a molecule', async () => {
    const own = new MoleculeReader({ entry: new URL('./absent.ts', import.meta.url) });
    await expect(own.describe(['CC'])).rejects.toThrow();
    await own.close();
  });
});
