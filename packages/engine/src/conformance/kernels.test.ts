import { createRoutines, supportedBuilds } from '@athanor/wasm';
import { describe, expect, test } from 'vitest';
import type { FixedTerm, Kernel } from '../kernels/kernel.ts';
import { stationaryForm, stationaryForms } from '../kernels/stationaryForm.ts';
import type { Molecule } from '../table/molecules/molecule.ts';
import { packMolecules } from '../table/molecules/moleculeSet.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { kernelConformance, type KernelCase } from './kernelConformance.ts';

/** Kernels over d features: own length scales, and some of them shared. */
function casesOf(d: number): KernelCase[] {
  return stationaryForms.flatMap((form) =>
    [false, true].flatMap((hasLinear) =>
      [false, true].map((isShared): KernelCase => {
        const lengthscaleCount = isShared ? Math.ceil(d / 2) : d;
        const kernel: Kernel = {
          form,
          lengthscaleOf: Int32Array.from({ length: d }, (_, j) => (isShared ? j >> 1 : j)),
          lengthscaleCount,
          hasOutputScale: !isShared,
          fixed: hasLinear ? [{ kind: 'linear', centre: new Float64Array(d).fill(0.4) }] : [],
        };
        const name = `${form}${hasLinear ? ' + linear' : ''}, d = ${d}${isShared ? ', shared length scales' : ''}`;
        return { name, d, kernel };
      }),
    ),
  );
}

/** Similarities of molecules made of random environments, beside a few features. */
function moleculeCases(): KernelCase[] {
  const generator = createGenerator('molecules');
  const molecules = Array.from({ length: 7 }, (_, m): Molecule => {
    const environments = Int32Array.from({ length: 12 }, (__, e) => e - 6).filter(
      () => generator.uniform() < 0.5,
    );
    return {
      smiles: `molecule ${m}`,
      descriptors: new Float64Array(0),
      environments,
      counts: environments.map(() => 1 + generator.integer(4)),
    };
  });
  const { smiles, fingerprints } = packMolecules([], molecules);
  return [0, 1].map((extra) => {
    const d = 2;
    const similarity = (t: number): FixedTerm => ({
      kind: 'tanimoto',
      key: `molecule ${t}`,
      feature: d + t,
      smiles,
      fingerprints,
    });
    const kernel: Kernel = {
      form: 'matern52',
      lengthscaleOf: Int32Array.of(0, 1),
      lengthscaleCount: 2,
      hasOutputScale: true,
      fixed: [
        { kind: 'linear', centre: Float64Array.of(0.4, 0.5) },
        similarity(0),
        ...(extra === 1 ? [similarity(1)] : []),
      ],
    };
    return { name: `matern52 + linear + ${1 + extra} similarities`, d, kernel };
  });
}

const cases = [...[1, 3, 10, 100].flatMap(casesOf), ...moleculeCases()];

describe.each(supportedBuilds())('%s', (build) => {
  const routines = createRoutines({ build });
  test.each(kernelConformance.map((check) => [check.demand, check] as const))(
    'every kernel %s',
    (_, check) => {
      for (const one of cases) {
        try {
          check.run(one, routines);
        } catch (error) {
          throw new Error(`${one.name}: ${(error as Error).message}`, { cause: error });
        }
      }
      expect(routines.arena.top).toBe(routines.arena.base);
    },
  );
});

test.each(stationaryForms)('%s falls from one, and its factor is its slope', (name) => {
  const form = stationaryForm[name];
  expect(form.value(0)).toBe(1);
  for (const r2 of [0.01, 0.3, 1, 4, 30]) {
    expect(form.value(r2)).toBeLessThan(1);
    const h = 1e-5 * r2;
    const slope = (form.value(r2 + h) - form.value(r2 - h)) / (2 * h);
    expect(Math.abs(form.factor(r2) + 2 * slope)).toBeLessThan(1e-6);
  }
});

test.each(stationaryForms)(
  'frequencies of %s have its covariance as their characteristic function',
  (name) => {
    const form = stationaryForm[name];
    const generator = createGenerator('frequencies');
    const omega = new Float64Array(2);
    const count = 40_000;
    const x = [0.7, -0.4];
    let sum = 0;
    for (let i = 0; i < count; i++) {
      form.drawFrequency(generator, omega);
      sum += Math.cos(omega[0]! * x[0]! + omega[1]! * x[1]!);
    }
    expect(Math.abs(sum / count - form.value(0.7 ** 2 + 0.4 ** 2))).toBeLessThan(0.015);
  },
);
