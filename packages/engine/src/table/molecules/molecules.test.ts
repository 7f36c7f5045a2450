import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodePlainData } from '../../artifact/decodePlainData.ts';
import { encodePlainData } from '../../artifact/encodePlainData.ts';
import { descriptionsOf, molecularInput, sampleMolecules } from '../../conformance/sampleMolecules.ts';
import { fitData, inputsOf, numericInput } from '../../conformance/sampleTable.ts';
import { routines } from '../../linalg/routines.ts';
import { columnOf } from '../../linalg/matrix.ts';
import { gaussianProcessModel } from '../../models/gaussianProcess.ts';
import { encodeForProcess } from '../../models/gaussianProcess/encodeForProcess.ts';
import { jointPosterior } from '../../models/gaussianProcess/jointPosterior.ts';
import { posteriorGradient } from '../../models/gaussianProcess/posteriorGradient.ts';
import { predictLatent } from '../../models/gaussianProcess/predictLatent.ts';
import { samplePaths } from '../../models/gaussianProcess/samplePaths.ts';
import { takeInputRows } from '../../models/inputs.ts';
import type { FitData } from '../../models/model.ts';
import { modelRegistry } from '../../models/registry.ts';
import { PlainDataReader } from '../../plainDataReader.ts';
import { momentsOf } from '../../posteriors/operations.ts';
import { createGenerator } from '../../random/createGenerator.ts';
import type { MolecularColumn } from '../column.ts';
import { checkInputEncoder } from '../../transforms/checkInputEncoder.ts';
import { encodeInputs } from '../../transforms/encodeInputs.ts';
import { describeColumns, fitInputEncoder } from '../../transforms/inputEncoder.ts';
import { checkMoleculeSet } from './checkMoleculeSet.ts';
import { describeColumn } from './describeMolecules.ts';
import { moleculeOf, packMolecules, takeMolecules } from './moleculeSet.ts';
import { tanimoto } from './tanimoto.ts';

const molecules = sampleMolecules(30, 1);

describe('similarity', () => {
  test('is sum min over sum max of the counts, whatever they are', () => {
    const counts = fc.dictionary(fc.constantFrom('1', '2', '3', '-9', '40'), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(fc.array(counts, { minLength: 1, maxLength: 6 }), (all) => {
        const set = packMolecules(
          [],
          all.map((one, m) => {
            const entries = Object.entries(one).sort(([a], [b]) => Number(a) - Number(b));
            return {
              smiles: String(m),
              descriptors: new Float64Array(0),
              environments: Int32Array.from(entries, ([key]) => Number(key)),
              counts: Int32Array.from(entries, ([, n]) => n),
            };
          }),
        );
        const codes = all.map((_, m) => m);
        const found = tanimoto(set.fingerprints, codes, codes);
        all.forEach((a, i) =>
          all.forEach((b, j) => {
            const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
            const sum = (pick: (x: number, y: number) => number) =>
              keys.reduce((total, key) => total + pick(a[key] ?? 0, b[key] ?? 0), 0);
            const expected = keys.length === 0 ? 1 : sum(Math.min) / sum(Math.max);
            expect(found[i * all.length + j]).toBe(expected);
          }),
        );
      }),
    );
  });

  test('of no molecule is one with itself and zero with others', () => {
    const { fingerprints } = packMolecules(['size', 'first', 'fixed'], molecules);
    expect([...tanimoto(fingerprints, [-1, 0], [-1, 0])]).toEqual([1, 0, 0, 1]);
  });
});

describe('a column of molecules', () => {
  test('has one level for the texts of one molecule, and keeps what it refuses with the reason', () => {
    const { descriptorNames, byText } = descriptionsOf(molecules);
    const [first, second] = molecules;
    const described = describeColumn(
      {
        kind: 'categorical',
        key: 'k',
        codes: Int32Array.of(0, 1, -1, 2, 3, 0),
        levels: ['a', 'b', 'wrong', 'c'],
      },
      {
        descriptorNames,
        byText: new Map([
          ...byText,
          ['a', second!],
          ['b', first!],
          ['c', second!],
          ['wrong', { reason: 'it is' }],
        ]),
      },
    );
    expect(described.levels).toEqual([second!.smiles, first!.smiles]);
    expect([...described.codes]).toEqual([0, 1, -1, -2, 0, 0]);
    expect(described.refused).toEqual([{ text: 'wrong', reason: 'it is' }]);
    expect(() =>
      describeColumn(
        { kind: 'categorical', key: 'k', codes: Int32Array.of(0), levels: ['x'] },
        { descriptorNames, byText },
      ),
    ).toThrow(expect.objectContaining({ code: 'CELL_INVALID' }));
  });

  test('can be taken apart and put together', () => {
    const set = packMolecules(['size', 'first', 'fixed'], molecules);
    molecules.forEach((molecule, m) => expect(moleculeOf(set, m)).toEqual(molecule));
    const taken = takeMolecules(set, [7, 3]);
    expect([0, 1].map((m) => moleculeOf(taken, m))).toEqual([molecules[7], molecules[3]]);
    const read = decodePlainData(encodePlainData(set));
    expect(checkMoleculeSet(new PlainDataReader(read))).toEqual(set);
    const bad = {
      ...set,
      fingerprints: { ...set.fingerprints, starts: set.fingerprints.starts.map((x) => x + 1) },
    };
    expect(() => checkMoleculeSet(new PlainDataReader(bad))).toThrow(
      expect.objectContaining({ code: 'ARTIFACT_INVALID' }),
    );
  });
});

describe('encoded molecules', () => {
  const cells = molecules.map(({ smiles }) => smiles);

  test('have a column for each descriptor that differs, all together as wide as one number', () => {
    const inputs = inputsOf(30, molecularInput('m', cells, molecules));
    const encoder = fitInputEncoder(inputs, { missing: 'impute' });
    expect(describeColumns(encoder).map(({ role }) => role)).toEqual(['descriptor', 'descriptor']);
    const X = encodeInputs(encoder, inputs);
    const columns = [0, 1].map((j) => columnOf(X, j));
    const spread = columns.reduce((sum, x) => {
      const mean = x.reduce((total, value) => total + value / 30, 0);
      return sum + x.reduce((total, value) => total + (value - mean) ** 2 / 30, 0);
    }, 0);
    // The soft limit takes a little off the 1/12 of a number spread evenly over [0, 1].
    expect(spread).toBeGreaterThan(0.06);
    expect(spread).toBeLessThan(1 / 12);
    // Monotone in the descriptor.
    const order = [...cells.keys()].sort((a, b) => columns[0]![a]! - columns[0]![b]!);
    const sizes = order.map((m) => molecules[m]!.descriptors[0]!);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(checkInputEncoder(new PlainDataReader(encoder))).toEqual(encoder);
  });

  test('are their mean where they are missing, with a column that says so, or stay missing', () => {
    const gaps = cells.map((cell, i) => (i % 4 === 0 ? null : cell));
    const inputs = inputsOf(30, molecularInput('m', gaps, molecules));
    const encoder = fitInputEncoder(inputs, { missing: 'impute' });
    const X = encodeInputs(encoder, inputs);
    expect([0, 1, 2].map((j) => columnOf(X, j)[0])).toEqual([0.5, 0.5, 1]);
    const kept = fitInputEncoder(inputs, { missing: 'keep' });
    expect(columnOf(encodeInputs(kept, inputs), 0)[0]).toBeNaN();
  });

  test('are scaled by all that may come where these are known, whatever the rows', () => {
    const pool = inputsOf(30, { ...molecularInput('m', cells, molecules), isClosed: true });
    const few = fitInputEncoder(takeInputRows(pool, Int32Array.of(3, 3, 7)), { missing: 'impute' });
    expect(few).toEqual(fitInputEncoder(pool, { missing: 'impute' }));
  });

  test('with other descriptors are refused', () => {
    const input = molecularInput('m', cells, molecules);
    const encoder = fitInputEncoder(inputsOf(30, input), { missing: 'impute' });
    const column = input.column as MolecularColumn;
    const other = { ...column.molecules, descriptorNames: ['a', 'b', 'c'] };
    const inputs = inputsOf(30, { ...input, column: { ...column, molecules: other } });
    expect(() => encodeInputs(encoder, inputs)).toThrow(
      expect.objectContaining({ code: 'VARIABLE_CONFLICT' }),
    );
  });
});

/** Rows whose target follows from their molecule and a temperature. */
function moleculeTable(rowCount: number, seed: number, among: number): FitData {
  const generator = createGenerator(`table ${seed}`);
  const cells = Array.from({ length: rowCount }, () => generator.integer(among));
  const temperature = cells.map(() => generator.uniform());
  const y = cells.map((m, i) => {
    const [size, first] = molecules[m]!.descriptors;
    return 0.2 * size! + 3 * first! + temperature[i]! + 0.05 * generator.normal();
  });
  return fitData(
    inputsOf(
      rowCount,
      molecularInput(
        'm',
        cells.map((m) => molecules[m]!.smiles),
        molecules,
      ),
      numericInput('t', temperature),
    ),
    y,
  );
}

const training = moleculeTable(40, 1, 20);
const testing = moleculeTable(40, 2, 30);

describe.each(modelRegistry.map((model) => [model.kind, model] as const))('%s', (kind, model) => {
  test('learns from molecules, predicts unknown and missing ones, and is the same when loaded', () => {
    const { fitted } = model.fit(training, model.defaultSpec, createGenerator(1));
    const { mean } = momentsOf(model.predict(fitted, testing.inputs));
    const rmse = Math.sqrt(mean.reduce((sum, m, i) => sum + (m - testing.y[i]!) ** 2, 0) / 40);
    const spread = Math.sqrt(testing.y.reduce((sum, y) => sum + (y - 2.3) ** 2, 0) / 40);
    if (kind !== 'constant') expect(rmse).toBeLessThan(0.7 * spread);
    const missing = inputsOf(1, molecularInput('m', [null], molecules), numericInput('t', [0.5]));
    expect(momentsOf(model.predict(fitted, missing)).mean[0]).toBeGreaterThan(-10);
    const loaded = model.check(decodePlainData(encodePlainData(fitted)));
    expect(model.predict(loaded, testing.inputs)).toEqual(model.predict(fitted, testing.inputs));
  });

  test('says the same of a molecule alone and among others', () => {
    const { fitted } = model.fit(training, model.defaultSpec, createGenerator(1));
    const all = momentsOf(model.predict(fitted, testing.inputs));
    const alone = momentsOf(model.predict(fitted, takeInputRows(testing.inputs, Int32Array.of(17))));
    expect(alone.mean[0]).toBe(all.mean[17]);
    expect(alone.measurementSd[0]).toBe(all.measurementSd[17]);
  });
});

describe('a process over molecules', () => {
  const { fitted } = gaussianProcessModel.fit(training, gaussianProcessModel.defaultSpec, createGenerator(1));
  const { X, state } = encodeForProcess(fitted, takeInputRows(testing.inputs, Int32Array.of(0, 3, 9, 14)));
  if (state.kind === 'constant') throw new Error('nothing was learnt');
  const latent = predictLatent(routines(), state, X);

  test('knows the molecules it is asked about behind its own', () => {
    const before = fitted.state.kind === 'process' ? fitted.state.kernel.fixed : [];
    const [own] = before.flatMap((term) => (term.kind === 'tanimoto' ? [term.smiles] : []));
    const [all] = state.kernel.fixed.flatMap((term) => (term.kind === 'tanimoto' ? [term.smiles] : []));
    expect(all!.slice(0, own!.length)).toEqual(own);
  });

  test('has one posterior: marginal, joint, with gradients and as sampled paths', () => {
    const joint = jointPosterior(routines(), state, X);
    const paths = samplePaths(routines(), state, 400, createGenerator('paths')).map((path) => path(X));
    for (let i = 0; i < 4; i++) {
      expect(joint.mean[i]).toBeCloseTo(latent.mean[i]!, 9);
      expect(joint.covariance[i * 5]).toBeCloseTo(latent.variance[i]!, 9);
      const x = Float64Array.from({ length: X.columnCount }, (_, j) => columnOf(X, j)[i]!);
      const gradient = posteriorGradient(routines(), state, x);
      expect(gradient.mean).toBeCloseTo(latent.mean[i]!, 9);
      expect(gradient.variance).toBeCloseTo(latent.variance[i]!, 9);
      const mean = paths.reduce((sum, values) => sum + values[i]! / 400, 0);
      const sd = Math.sqrt(paths.reduce((sum, values) => sum + (values[i]! - mean) ** 2 / 399, 0));
      expect(Math.abs(mean - latent.mean[i]!)).toBeLessThan(0.25 * Math.sqrt(latent.variance[i]!) + 0.02);
      expect(Math.abs(sd / Math.sqrt(latent.variance[i]!) - 1)).toBeLessThan(0.25);
    }
  });

  test('draws the targets of molecules jointly, as its posterior has them', () => {
    const rows = takeInputRows(testing.inputs, Int32Array.of(0, 3, 9, 14));
    const draws = gaussianProcessModel.drawJointly!(fitted, rows, 800, createGenerator('draws'));
    const { mean, modelSd } = momentsOf(gaussianProcessModel.predict(fitted, rows));
    mean.forEach((value, i) => {
      const drawn = draws.reduce((sum, draw) => sum + draw[i]! / draws.length, 0);
      expect(Math.abs(drawn - value)).toBeLessThan(0.3 * modelSd[i]! + 0.02);
    });
  });

  test('has no slope along the number of a molecule, and the right one elsewhere', () => {
    const x = Float64Array.from({ length: X.columnCount }, (_, j) => columnOf(X, j)[0]!);
    const { meanGradient, varianceGradient } = posteriorGradient(routines(), state, x);
    expect(meanGradient.at(-1)).toBe(0);
    for (let j = 0; j < x.length - 1; j++) {
      const moved = (step: number) => posteriorGradient(routines(), state, x.with(j, x[j]! + step));
      const [up, down] = [moved(1e-5), moved(-1e-5)];
      expect(meanGradient[j]).toBeCloseTo((up.mean - down.mean) / 2e-5, 6);
      expect(varianceGradient[j]).toBeCloseTo((up.variance - down.variance) / 2e-5, 6);
    }
  });
});
