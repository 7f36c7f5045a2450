import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ComparedCandidates, DatasetRowsAdd, DesignPayload, DesignSettings } from '@athanor/schema';
import { expect, it } from 'vitest';
import { isFeasible } from '../space/checkCandidate.ts';
import { priceOf } from './priceOf.ts';

const guide = readFileSync(
  join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'design-runs.md'),
  'utf8',
);
const block = (kind: string): unknown =>
  JSON.parse(new RegExp(`\`\`\`json ${kind}\n([\\s\\S]*?)\`\`\``).exec(guide)![1]!);

it('the guide shows settings that are accepted and a payload that holds together', () => {
  expect(DesignSettings.parse(block('settings'))).toEqual(block('settings'));
  expect(DesignSettings.parse(block('replay'))).toEqual(block('replay'));
  expect(DatasetRowsAdd.parse(block('rows'))).toEqual(block('rows'));
  const payload = DesignPayload.parse(block('payload'));
  for (const { inputs, cost } of payload.candidates) {
    expect(isFeasible(payload.space, inputs)).toBe(true);
    expect(priceOf(payload.space, inputs)).toBeCloseTo(cost!, 9);
  }
});

it('the guide shows a picture of what was compared whose columns have one length', () => {
  const compared = ComparedCandidates.parse(block('compared'));
  const { space, compared: told } = DesignPayload.parse(block('payload'));
  const columns = [
    ...Object.values(compared.inputs),
    ...compared.predictions.flatMap(({ mean, standardDeviation }) => [mean, standardDeviation]),
    compared.probabilityOfAll!,
    compared.isOnFront,
  ];
  for (const column of columns) expect(column).toHaveLength(told!.shown);
  compared.isOnFront.forEach((_, i) => {
    const row = Object.entries(compared.inputs).map(([key, column]) => [key, column[i]!]);
    expect(isFeasible(space, Object.fromEntries(row))).toBe(true);
  });
});
