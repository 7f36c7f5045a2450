import { valuesAt, zScoresOf } from '../posteriors/operations.ts';
import type { NormalPosterior, Posterior } from '../posteriors/posterior.ts';
import { normalCdf } from '../special/normalCdf.ts';
import { normalPdf } from '../special/normalPdf.ts';
import { gaussLegendre } from '../special/quadrature.ts';

/**
 * Continuous ranked probability score of each row for a measurement y [m], in the unit of the target; lower is
 * better, and it is the absolute error of a prediction without spread. int (F(t) - 1[t >= y])^2 dt (T. Gneiting and
 * A. Raftery, JASA 102, 2007, eq. 20).
 */
export function crps(posterior: Posterior, y: Float64Array): Float64Array {
  return scoreOfKind[posterior.kind](posterior as never, y);
}

const scoreOfKind: {
  [K in Posterior['kind']]: (posterior: Extract<Posterior, { kind: K }>, y: Float64Array) => Float64Array;
} = { normal: normalCrps, warpedNormal: panelCrps, splitNormal: panelCrps, mixture: panelCrps };

const inverseSqrtPi = 0.5641895835477563;

/** sd [u (2 Phi(u) - 1) + 2 phi(u) - 1 / sqrt(pi)], u = (y - mean) / sd (ibid., eq. 21). */
export function normalCrps({ mean, measurementSd }: NormalPosterior, y: Float64Array): Float64Array {
  return y.map((value, i) => {
    const sd = measurementSd[i]!;
    const u = (value - mean[i]!) / sd;
    // The terms in Phi and phi are 1 and 0 to the last digit, and u may be infinite where the distance is not.
    if (Math.abs(u) > 40) return Math.abs(value - mean[i]!) - inverseSqrtPi * sd;
    return sd * (u * (2 * normalCdf(u) - 1) + 2 * normalPdf(u) - inverseSqrtPi);
  });
}

/** Probabilities beyond this z-score are below 1e-18. */
const lastZ = 9;

/**
 * The same for any posterior, from its distribution and quantile functions: int F^2 below y and int (1 - F)^2 above,
 * in panels whose ends are the quantiles at z = -9, -8 … 9, by eight Gauss-Legendre nodes each. The panels follow the
 * posterior, so the relative error stays below 1e-6 for mixtures with bumps of very different width.
 */
export function panelCrps(posterior: Posterior, y: Float64Array): Float64Array {
  const { nodes, weights } = gaussLegendre(8);
  let start = valuesAt(posterior, -lastZ);
  // Outside the panels F is 0 or 1.
  const score = y.map((value, i) => Math.max(0, start[i]! - value));
  for (let knot = 1 - lastZ; knot <= lastZ; knot++) {
    const end = valuesAt(posterior, knot);
    for (const side of [-1, 1]) {
      const part = (t: Float64Array): Float64Array =>
        t.map((value, i) => (side < 0 ? Math.min(value, y[i]!) : Math.max(value, y[i]!)));
      const from = part(start);
      const half = part(end).map((to, i) => (to - from[i]!) / 2);
      if (half.every((width) => width === 0)) continue;
      for (let k = 0; k < nodes.length; k++) {
        const z = zScoresOf(
          posterior,
          from.map((value, i) => value + half[i]! * (1 + nodes[k]!)),
        );
        for (let i = 0; i < y.length; i++)
          score[i]! += weights[k]! * half[i]! * normalCdf(-side * z[i]!) ** 2;
      }
    }
    start = end;
  }
  return score.map((value, i) => value + Math.max(0, y[i]! - start[i]!));
}
