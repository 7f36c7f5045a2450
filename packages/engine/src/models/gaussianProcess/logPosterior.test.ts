import { describe, expect, it } from 'vitest';
import { columnOf, createMatrix } from '../../linalg/matrix.ts';
import { createGenerator } from '../../random/createGenerator.ts';
import { routines } from '../../linalg/routines.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import { LogPosterior } from './logPosterior.ts';
import type { Prior } from './prior.ts';
import { singleRows } from './trainingRows.ts';

function wave(n: number, d: number) {
  const values = new Float64Array(n * d);
  for (let i = 0; i < n * d; i++) values[i] = (Math.sin(12.9898 * (i + 1)) * 43758.5453) % 1;
  const z = Float64Array.from({ length: n }, (_, i) => Math.sin(5 * values[i]!) + 0.5 * values[i + n]!);
  return { features: { rowCount: n, columnCount: d, values }, z };
}

describe('LogPosterior', () => {
  it('has the gradient of finite differences', () => {
    for (const form of ['matern52', 'rbf'] as const) {
      const { features, z } = wave(23, 4);
      const kernel: Kernel = {
        form,
        lengthscaleOf: Int32Array.of(0, 1, 1, 2),
        lengthscaleCount: 3,
        hasOutputScale: true,
        fixed: [{ kind: 'linear', centre: Float64Array.of(0.1, 0.2, 0.3, 0.4) }],
      };
      const gamma: Prior = { kind: 'gamma', shape: 3, rate: 4 };
      const normal: Prior = { kind: 'logNormal', logMode: -0.5, sd: 1 };
      const posterior = new LogPosterior(routines(), kernel, singleRows(features, z), {
        priors: [gamma, gamma, gamma, normal, normal, { kind: 'gamma', shape: 2, rate: 148.4 }],
        hasMean: true,
        jitter: 0,
      });
      const at = Float64Array.of(-0.3, 0.4, 1, -0.2, -1.5, -3);
      const gradient = new Float64Array(6);
      const spare = new Float64Array(6);
      posterior.evaluate(at, gradient);
      for (let i = 0; i < 6; i++) {
        const h = 1e-5;
        const up = at.slice();
        up[i]! += h;
        const down = at.slice();
        down[i]! -= h;
        const slope = (posterior.evaluate(up, spare) - posterior.evaluate(down, spare)) / (2 * h);
        expect(Math.abs(slope - gradient[i]!)).toBeLessThan(1e-6 * (1 + Math.abs(slope)));
      }
    }
  });
});
