import { expect, it } from 'vitest';
import { tableOf } from '../conformance/tableOf.ts';
import { momentsOf } from '../posteriors/operations.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { fitSurrogates } from './fitSurrogates.ts';

it.each(['extraTrees', 'ridge', 'gaussianProcess'] as const)(
  'doubts what %s says of a level that no row has, as a prediction does',
  (kind) => {
    const generator = createGenerator('levels');
    const rows = Array.from({ length: 36 }, (_, i) => ({ level: i % 4, hours: generator.integer(20) }));
    const levels = ['a', 'b', 'c', 'd'];
    const table = tableOf({
      ligand: { cells: rows.map(({ level }) => levels[level]!) },
      hours: { cells: rows.map(({ hours }) => hours) },
      strength: {
        cells: rows.map(({ level, hours }) => 10 * level + 0.2 * hours + 0.1 * generator.normal()),
        role: 'target',
      },
    });
    const { surrogates, measured } = fitSurrogates(
      table,
      ['strength'],
      [{ name: kind, kind, spec: null }],
      [],
      1,
      () => 0,
      () => {},
    );
    const [surrogate] = surrogates;
    const sdOf = (inputs: typeof measured.inputs): number[] => [
      ...momentsOf(surrogate!.predict(inputs)).measurementSd,
    ];
    const widest = Math.max(...sdOf(measured.inputs));
    const columns = measured.inputs.columns.map((input) =>
      input.column.kind === 'categorical'
        ? { ...input, column: { ...input.column, levels: ['e', 'f', 'g', 'h'] } }
        : input,
    );
    for (const sd of sdOf({ ...measured.inputs, columns })) expect(sd / widest).toBeGreaterThan(1 - 1e-9);
  },
);
