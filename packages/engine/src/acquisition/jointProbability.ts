import { semidefiniteFactor } from '../linalg/semidefiniteFactor.ts';
import { rowCountOf, zScoresOf } from '../posteriors/operations.ts';
import type { Posterior } from '../posteriors/posterior.ts';
import { normalCdf } from '../special/normalCdf.ts';
import { normalQuantile } from '../special/normalQuantile.ts';
import type { HeldOutErrors } from './heldOutErrors.ts';
import { recalibrateScores } from './recalibrateScores.ts';
import type { ResolvedObjective } from './resolvedObjective.ts';
import { scoreTies } from './scoreTies.ts';

/** Probabilities that new measurements at m rows meet criteria. */
export interface CriteriaProbabilities {
  /** One an objective [objective][m]; null where it has no criterion. */
  readonly each: readonly (Float64Array | null)[];
  /** That all are met, errors correlated [m]; null without criteria. */
  readonly all: Float64Array | null;
  /** The product of each [m]; null without criteria. */
  readonly independent: Float64Array | null;
}

/** Points of the quasi-random sequence; the error of a probability is a few thousandths. */
const points = 1024;

/**
 * P(a new measurement meets each and all criteria): the margins are those of the posteriors, whatever their shape, and a
 * Gaussian copula with correlation R [k * k] joins them (Song 2000), integrated over a Korobov lattice.
 *
 * @param posteriors one an objective, over the same m rows
 * @param R null for independent errors
 * @param errors of rows held out, one an objective; with enough of them they shape the margins
 */
export function jointProbability(
  objectives: readonly ResolvedObjective[],
  posteriors: readonly Posterior[],
  R: Float64Array | null,
  errors: readonly (HeldOutErrors | null)[] = [],
): CriteriaProbabilities {
  const k = objectives.length;
  /** z-score intervals of each criterion [objective][interval][m]. */
  const limits = objectives.map(({ intervals }, t) =>
    intervals === null
      ? null
      : intervals.map(([low, high]) => ({
          low: scores(posteriors[t]!, low, errors[t] ?? null, false),
          high: scores(posteriors[t]!, high, errors[t] ?? null, true),
        })),
  );
  const each = limits.map((parts) => {
    if (parts === null) return null;
    return parts[0]!.low.map((_, i) =>
      parts.reduce((sum, { low, high }) => sum + Math.max(0, between(low[i]!, high[i]!)), 0),
    );
  });
  const withCriteria = each.flatMap((one, t) => (one === null ? [] : [t]));
  if (withCriteria.length === 0) return { each, all: null, independent: null };
  const m = each[withCriteria[0]!]!.length;
  const independent = new Float64Array(m).map((_, i) =>
    withCriteria.reduce((product, t) => product * each[t]![i]!, 1),
  );
  if (withCriteria.length === 1) return { each, all: independent.slice(), independent };
  const L = semidefiniteFactor(R ?? identity(k), k);
  const all = new Float64Array(m);
  const z = new Float64Array(k);
  for (let p = 0; p < points; p++) {
    const normal = latticePoint(p, k);
    for (let a = 0; a < k; a++) {
      let sum = 0;
      for (let b = 0; b <= a; b++) sum += L[a * k + b]! * normal[b]!;
      z[a] = sum;
    }
    for (let i = 0; i < m; i++) {
      const isMet = withCriteria.every((t) =>
        limits[t]!.some(({ low, high }) => z[t]! >= low[i]! && z[t]! <= high[i]!),
      );
      if (isMet) all[i]! += 1 / points;
    }
  }
  // Small probabilities are below the lattice; there the product with the right order is better than zero.
  for (let i = 0; i < m; i++) if (all[i] === 0) all[i] = Math.min(independent[i]!, 1 / points);
  return { each, all, independent };
}

function identity(k: number): Float64Array {
  const I = new Float64Array(k * k);
  for (let a = 0; a < k; a++) I[a * k + a] = 1;
  return I;
}

/** z-scores of one end of an interval at every row; infinite limits have infinite scores. */
function scores(
  posterior: Posterior,
  value: number,
  errors: HeldOutErrors | null,
  isUpper: boolean,
): Float64Array {
  const all = new Float64Array(rowCountOf(posterior)).fill(value);
  if (!Number.isFinite(value)) return all;
  const z = zScoresOf(posterior, all);
  const tied = errors === null ? null : scoreTies(z, value, errors, isUpper);
  return tied ?? recalibrateScores(z, errors?.z ?? null);
}

function between(low: number, high: number): number {
  return low > 0 ? normalCdf(-low) - normalCdf(-high) : normalCdf(high) - normalCdf(low);
}

/** Rank-1 lattice with the fractional parts of square roots of primes (Richtmyer), moved to the middle of its cells. */
function latticePoint(p: number, k: number): number[] {
  return Array.from({ length: k }, (_, j) => {
    const u = ((p + 0.5) * Math.sqrt(primes[j % primes.length]!)) % 1;
    return normalQuantile(Math.min(Math.max(u, 1e-12), 1 - 1e-12));
  });
}

const primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];
