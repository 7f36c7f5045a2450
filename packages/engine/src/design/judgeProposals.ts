import { normalCrps } from '../scores/crps.ts';
import { spearman } from '../scores/spearman.ts';
import { normalCdf } from '../special/normalCdf.ts';

/** What was said of one target of a proposed experiment before it was made, and what was found. */
export interface MeasuredPromise {
  readonly target: string;
  readonly mean: number;
  /** Of a new measurement, > 0. */
  readonly standardDeviation: number;
  /** Central interval of a new measurement. */
  readonly interval: { readonly lower: number; readonly upper: number };
  /** NaN while nothing is known. */
  readonly measured: number;
  /** Whether less of it is better: then promises that were too low are the hopeful ones. Null where neither is. */
  readonly isLessBetter: boolean | null;
}

/** One proposed experiment that was made. */
export interface MeasuredProposal {
  /** One a target. */
  readonly promises: readonly MeasuredPromise[];
  /** Promised probability that all criteria are met; null without criteria. */
  readonly probabilityOfAll: number | null;
  /** Whether the measurements met them; null without criteria or while one is missing. */
  readonly hasMetAll: boolean | null;
}

export type PromiseVerdict = 'too_few' | 'as_promised' | 'too_sure' | 'too_cautious' | 'too_hopeful';

/** How the promises about one target did. */
export interface TargetJudgement {
  readonly target: string;
  /** Proposals with a measurement. */
  readonly count: number;
  /** Mean of measured less promised, in the unit of the target. */
  readonly meanError: number;
  readonly meanAbsoluteError: number;
  readonly rootMeanSquaredError: number;
  /** Share of measurements inside their interval. */
  readonly coverage: number;
  /** Mean continuous ranked probability score, in the unit of the target. */
  readonly crps: number;
  /** What that score would be on average if every promise held: sd / sqrt(pi). */
  readonly promisedCrps: number;
  /** Rank correlation of promised and measured; null below three proposals or where either is constant. */
  readonly rankCorrelation: number | null;
  /** Factor by which standard deviations should be stretched to have held; drawn towards 1 when few are measured. */
  readonly widening: number;
  readonly verdict: PromiseVerdict;
  readonly reason: string;
}

/** How the promises that all criteria are met did. */
export interface CriteriaJudgement {
  readonly count: number;
  /** Proposals that met all. */
  readonly met: number;
  /** Sum of the promised probabilities. */
  readonly promised: number;
  /** Mean square of met less promised (Brier). */
  readonly brier: number;
}

export interface ProposalJudgement {
  /** Proposals of which at least one target was measured. */
  readonly count: number;
  readonly targets: readonly TargetJudgement[];
  readonly criteria: CriteriaJudgement | null;
}

/** Fewer measurements than this show neither confidence nor hope. */
const minCount = 4;
/** Chance at which each of three verdicts would be wrong though all promises hold. */
const significance = 0.02;
/** Weight of a factor of 1, as if it were this many measurements. */
const priorCount = 4;

/**
 * How proposals did against their predictions once they were made. Errors are compared with what was promised and not
 * with those of a test set: proposals are chosen for being promising, so that a hopeful model shows here first.
 *
 * @param level of the intervals, e.g. 0.9
 * @returns targets in order of their first promise; without those that nobody measured
 */
export function judgeProposals(proposals: readonly MeasuredProposal[], level = 0.9): ProposalJudgement {
  const promises = new Map<string, MeasuredPromise[]>();
  let count = 0;
  for (const proposal of proposals) {
    const known = proposal.promises.filter(({ measured }) => !Number.isNaN(measured));
    if (known.length > 0) count++;
    for (const promise of known)
      promises.set(promise.target, [...(promises.get(promise.target) ?? []), promise]);
  }
  return {
    count,
    targets: [...promises].map(([target, known]) => judgeTarget(target, known, level)),
    criteria: judgeCriteria(proposals),
  };
}

function judgeTarget(target: string, promises: readonly MeasuredPromise[], level: number): TargetJudgement {
  const n = promises.length;
  const column = (of: (promise: MeasuredPromise) => number): Float64Array => Float64Array.from(promises, of);
  const mean = column((one) => one.mean);
  const sd = column((one) => one.standardDeviation);
  const y = column((one) => one.measured);
  const error = y.map((value, i) => value - mean[i]!);
  const z = error.map((value, i) => value / sd[i]!);
  const isInside = promises.map(
    ({ measured, interval }) => measured >= interval.lower && measured <= interval.upper,
  );
  const inside = isInside.filter(Boolean).length;
  const squares = z.reduce((sum, value) => sum + value * value, 0);
  const { verdict, reason } = judgeScores(z, squares, inside, level, promises[0]!.isLessBetter);
  return {
    target,
    count: n,
    meanError: average(error),
    meanAbsoluteError: average(error.map(Math.abs)),
    rootMeanSquaredError: Math.sqrt(average(error.map((value) => value * value))),
    coverage: inside / n,
    crps: average(normalCrps({ kind: 'normal', mean, modelSd: sd, measurementSd: sd }, y)),
    promisedCrps: average(sd) / Math.sqrt(Math.PI),
    rankCorrelation: n < 3 ? null : spearman(mean, y),
    widening: Math.sqrt((priorCount + squares) / (priorCount + n)),
    verdict,
    reason,
  };
}

function judgeScores(
  z: Float64Array,
  squares: number,
  inside: number,
  level: number,
  isLessBetter: boolean | null,
): { verdict: PromiseVerdict; reason: string } {
  const n = z.length;
  const share = `${inside} of ${n} measurements lie in their ${Math.round(100 * level)} % interval`;
  if (n < minCount)
    return {
      verdict: 'too_few',
      reason: `${share}; from ${minCount} on there is something to say of the promises`,
    };
  // Sum of n independent scores over its standard deviation; how far to the worse side.
  const drift = ((isLessBetter === true ? 1 : -1) * z.reduce((sum, value) => sum + value, 0)) / Math.sqrt(n);
  if (isLessBetter !== null && normalCdf(-drift) < significance)
    return {
      verdict: 'too_hopeful',
      reason: `measurements were worse than promised by ${format(drift / Math.sqrt(n))} standard deviations on average; ${share}`,
    };
  if (binomialBelow(inside, n, level) < significance) return { verdict: 'too_sure', reason: `only ${share}` };
  if (chiSquareBelow(squares, n) < significance)
    return {
      verdict: 'too_cautious',
      reason: `errors were ${format(Math.sqrt(squares / n))} of what was promised; ${share}`,
    };
  return { verdict: 'as_promised', reason: share };
}

function judgeCriteria(proposals: readonly MeasuredProposal[]): CriteriaJudgement | null {
  let count = 0;
  let met = 0;
  let promised = 0;
  let squares = 0;
  for (const { probabilityOfAll, hasMetAll } of proposals) {
    if (probabilityOfAll === null || hasMetAll === null) continue;
    count++;
    promised += probabilityOfAll;
    if (hasMetAll) met++;
    squares += ((hasMetAll ? 1 : 0) - probabilityOfAll) ** 2;
  }
  return count === 0 ? null : { count, met, promised, brier: squares / count };
}

function average(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function format(value: number): string {
  return value.toFixed(1);
}

/** P(at most k of n) when each succeeds with probability p, 0 < p < 1: less the chance of fewer than n - k failures. */
function binomialBelow(k: number, n: number, p: number): number {
  let term = p ** n;
  let fewer = 0;
  for (let failures = 0; failures < n - k; failures++) {
    fewer += term;
    term *= ((n - failures) / (failures + 1)) * ((1 - p) / p);
  }
  return 1 - fewer;
}

/** P(a sum of n squares of standard normal variables is at most x), by Wilson & Hilferty 1931. */
function chiSquareBelow(x: number, n: number): number {
  const spread = 2 / (9 * n);
  return normalCdf((Math.cbrt(x / n) - (1 - spread)) / Math.sqrt(spread));
}
