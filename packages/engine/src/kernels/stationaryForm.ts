import type { Generator } from '../random/generator.ts';

/** Stationary covariance functions of unit variance, by name. */
export const stationaryForms = ['matern52', 'rbf'] as const;
export type StationaryForm = (typeof stationaryForms)[number];

interface StationaryFormRules {
  /** k at the squared scaled distance r2. */
  value(r2: number): number;
  /** -2 dk/dr2, so that dk/dlog l_j = factor (x_j - x'_j)^2 / l_j^2 and dk/dx_j = -factor (x_j - x'_j) / l_j^2. */
  factor(r2: number): number;
  /** Draws an angular frequency from the spectral density into `out` [d], in units of 1 / length scale. */
  drawFrequency(generator: Generator, out: Float64Array): void;
}

/** Formulas of Rasmussen & Williams 2006, equations 4.9 (rbf) and 4.17 (matern52, nu = 5/2). */
export const stationaryForm: Readonly<Record<StationaryForm, StationaryFormRules>> = {
  matern52: {
    value(r2) {
      const s = Math.sqrt(5 * r2);
      return (1 + s + (s * s) / 3) * Math.exp(-s);
    },
    factor(r2) {
      const s = Math.sqrt(5 * r2);
      return (5 / 3) * (1 + s) * Math.exp(-s);
    },
    drawFrequency(generator, out) {
      // The spectral density is a multivariate t with 2 nu = 5 degrees of freedom: normal / sqrt(chi2_5 / 5).
      let chiSquared = 0;
      for (let i = 0; i < 5; i++) chiSquared += generator.normal() ** 2;
      const stretch = Math.sqrt(5 / chiSquared);
      for (let j = 0; j < out.length; j++) out[j] = generator.normal() * stretch;
    },
  },
  rbf: {
    value: (r2) => Math.exp(-r2 / 2),
    factor: (r2) => Math.exp(-r2 / 2),
    drawFrequency(generator, out) {
      for (let j = 0; j < out.length; j++) out[j] = generator.normal();
    },
  },
};
