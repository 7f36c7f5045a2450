import { powerOfTwoAbove } from '../linalg/powerOfTwoAbove.ts';
import { momentsOf, zScoresOf } from '../posteriors/operations.ts';
import { normalCdf } from '../special/normalCdf.ts';
import { normalPdf } from '../special/normalPdf.ts';
import { calibrationScale } from './calibrationScale.ts';
import type { HeldOutFold } from './heldOutFold.ts';
import { ordinaryZLimit } from './ordinaryZLimit.ts';
import { tailLimit } from './tailLimit.ts';
import { timesHeldOut } from './timesHeldOut.ts';

/** A model that may become a member: its folds are those of every other candidate, in the same order. */
export interface EnsembleCandidate {
  readonly folds: readonly HeldOutFold[];
  /** Candidates of one family err alike. */
  readonly family: string;
  /** Whether it is the mean itself, which no other model has to reach to take part. */
  readonly isBaseline: boolean;
}

/** Weights of the candidates, zero for those left out, with sum 1 [k]. */
export interface EnsembleWeights {
  /** By all rows: those of the ensemble that is delivered. */
  readonly all: Float64Array;
  /** For each fold by the rows outside it: those an ensemble has that knows nothing of the fold. */
  readonly outside: readonly Float64Array[];
}

/** Draws with replacement; the weights are their shares. Beyond 25 the loss no longer falls. */
const rounds = 25;
/** A member may be this much worse than the best by RMSE. */
const worstRatio = 1.5;
/** One that has a part of the even weights this much. */
const worstEvenRatio = 1.3;
/** A draw must lower the loss by this share, else the shorter ensemble stays. */
const leastGain = 1e-9;
const inverseSqrtPi = 0.5641895835477563;
/** A z-score beyond this counts as this. */
const largestZ = 10;

/**
 * Greedy ensemble selection (R. Caruana et al., ICML 2004, 137): the member that lowers the loss of the average most is
 * added, again and again, and the best of these ensembles is kept. The loss is the CRPS of the normal distribution with
 * the moments of the mixture, each member calibrated by the same rows. The fewer the rows, the more the weights are drawn
 * towards those that give every family the same, and every member of a family, since the winners then owe much to luck.
 *
 * @param candidates at least one
 * @param y measurements of the target's rows [n]
 */
export function weighEnsemble(candidates: readonly EnsembleCandidate[], y: Float64Array): EnsembleWeights {
  const table = new HeldOutTable(candidates, y);
  return {
    all: table.weigh(-1),
    outside: candidates[0]!.folds.map((_, f) => table.weigh(f)),
  };
}

/**
 * Share of even weights: as if they were worth twenty rows, at most six tenths (decision 0036). Beyond 300 rows there are
 * none: they would be worth less than a prediction by every member costs.
 */
function shrinkage(rowCount: number): number {
  return rowCount > 300 ? 0 : Math.min(0.6, 20 / rowCount);
}

/** What each candidate said of each held-out row, over a power of two near the largest target. */
class HeldOutTable {
  readonly #candidates: readonly EnsembleCandidate[];
  readonly #rowCount: number;
  /** Of each entry: its row, and how much it counts. */
  readonly #row: Int32Array;
  readonly #weight: Float64Array;
  readonly #y: Float64Array;
  /** Fold in whose rows an entry lies, one list a fold: rows of a fold may be entries of other repeats as well. */
  readonly #rowsOfFold: readonly ReadonlySet<number>[];
  /** Of each candidate and entry. */
  readonly #mean: Float64Array[];
  readonly #variance: Float64Array[];
  /** Sizes only. */
  readonly #z: Float64Array[];

  constructor(candidates: readonly EnsembleCandidate[], y: Float64Array) {
    const { folds } = candidates[0]!;
    const unit = powerOfTwoAbove(y);
    const times = timesHeldOut(folds, y.length);
    this.#candidates = candidates;
    this.#rowCount = y.length;
    this.#row = Int32Array.from(folds.flatMap(({ rows }) => [...rows]));
    this.#weight = Float64Array.from(this.#row, (i) => 1 / times[i]!);
    this.#y = Float64Array.from(this.#row, (i) => y[i]! / unit);
    this.#rowsOfFold = folds.map(({ rows }) => new Set(rows));
    this.#mean = [];
    this.#variance = [];
    this.#z = [];
    for (const candidate of candidates) {
      const moments = candidate.folds.map(({ posterior }) => momentsOf(posterior));
      this.#mean.push(Float64Array.from(moments.flatMap(({ mean }) => Array.from(mean, (x) => x / unit))));
      this.#variance.push(
        Float64Array.from(
          moments.flatMap(({ measurementSd }) => Array.from(measurementSd, (sd) => (sd / unit) ** 2)),
        ),
      );
      this.#z.push(
        Float64Array.from(
          candidate.folds.flatMap(({ rows, posterior }) => {
            const z = zScoresOf(
              posterior,
              Float64Array.from(rows, (i) => y[i]!),
            );
            return Array.from(z, (value) => Math.min(largestZ, Math.abs(value)));
          }),
        ),
      );
    }
  }

  /** @param fold whose rows are kept out; -1 for none */
  weigh(fold: number): Float64Array {
    const out = this.#rowsOfFold[fold];
    const entries = Int32Array.from(this.#row.keys()).filter((e) => !out?.has(this.#row[e]!));
    const used = entries.length === 0 ? Int32Array.from(this.#row.keys()) : entries;
    const { isMember, isEqual } = this.#sort(used);
    const counts = this.#choose(used, isMember);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const sizes = new Map<string, number>();
    this.#candidates.forEach(({ family }, m) => {
      if (isEqual[m] === 1) sizes.set(family, (sizes.get(family) ?? 0) + 1);
    });
    const pull = sizes.size === 0 ? 0 : shrinkage(this.#rowCount);
    return counts.map((count, m) => {
      const even = isEqual[m] === 1 ? 1 / sizes.size / sizes.get(this.#candidates[m]!.family)! : 0;
      return ((1 - pull) * count) / total + pull * even;
    });
  }

  /** Who may be a member, and who of them has a part of the equal weights. */
  #sort(entries: Int32Array): { isMember: Uint8Array; isEqual: Uint8Array } {
    const rows = entries.reduce((sum, e) => sum + this.#weight[e]!, 0);
    const center = entries.reduce((sum, e) => sum + (this.#weight[e]! * this.#y[e]!) / rows, 0);
    const errors = this.#mean.map((mean) =>
      Float64Array.from(entries, (e) => Math.abs(mean[e]! - this.#y[e]!)),
    );
    // Of a wild row all models are as far off: its square would make them alike.
    const limit = Math.min(...errors.map(tailLimit));
    const sumOfSquares = (error: (k: number) => number): number =>
      entries.reduce((sum, e, k) => sum + this.#weight[e]! * Math.min(limit, error(k)) ** 2, 0);
    const squares = errors.map((own) => sumOfSquares((k) => own[k]!));
    const scatter = sumOfSquares((k) => Math.abs(this.#y[entries[k]!]! - center));
    const baseline = this.#candidates.findIndex(({ isBaseline }) => isBaseline);
    // The mean does not know the rows it is judged on either: in groups of many rows that makes a difference.
    const beaten = baseline < 0 ? scatter : squares[baseline]!;
    const least = Math.min(...squares);
    const isClose = squares.map((square) => square <= worstRatio ** 2 * least);
    const isEqual = Uint8Array.from(this.#candidates, ({ isBaseline }, m) =>
      !isBaseline && squares[m]! <= worstEvenRatio ** 2 * least && squares[m]! < scatter ? 1 : 0,
    );
    const isMember = Uint8Array.from(this.#candidates, ({ isBaseline }, m) =>
      isClose[m]! && (isBaseline || squares[m]! < beaten) ? 1 : 0,
    );
    // Nothing explains anything: the least bad one alone.
    if (!isMember.includes(1)) isMember[squares.indexOf(least)] = 1;
    return { isMember, isEqual };
  }

  /** How often each candidate is drawn [k]. */
  #choose(entries: Int32Array, isMember: Uint8Array): Float64Array {
    const count = entries.length;
    const weight = Float64Array.from(entries, (e) => this.#weight[e]!);
    const y = Float64Array.from(entries, (e) => this.#y[e]!);
    const rows = weight.reduce((sum, one) => sum + one, 0);
    const members = Array.from(isMember.keys())
      .filter((m) => isMember[m] === 1)
      .map((m) => {
        const z = Float64Array.from(entries, (e) => this.#z[m]![e]!);
        const limit = ordinaryZLimit(z);
        const squares = z.reduce((sum, one, k) => sum + weight[k]! * Math.min(limit, one) ** 2, 0);
        const factor = calibrationScale(squares, rows) ** 2;
        const mean = Float64Array.from(entries, (e) => this.#mean[m]![e]!);
        const square = Float64Array.from(entries, (e, k) => this.#variance[m]![e]! * factor + mean[k]! ** 2);
        return { m, mean, square };
      });
    const counts = new Float64Array(isMember.length);
    let best = counts;
    let bestLoss = Infinity;
    const sumOfMeans = new Float64Array(count);
    const sumOfSquares = new Float64Array(count);
    for (let round = 1; round <= rounds; round++) {
      let chosen = members[0]!;
      let least = Infinity;
      for (const member of members) {
        const loss = momentLoss(y, weight, sumOfMeans, sumOfSquares, member, round);
        // A tie goes to one that is already in.
        if (loss < least * (counts[member.m]! > 0 ? 1 + leastGain : 1)) {
          least = loss;
          chosen = member;
        }
      }
      for (let k = 0; k < count; k++) {
        sumOfMeans[k]! += chosen.mean[k]!;
        sumOfSquares[k]! += chosen.square[k]!;
      }
      counts[chosen.m]!++;
      if (least < bestLoss * (1 - leastGain)) {
        bestLoss = least;
        best = counts.slice();
      }
    }
    return best;
  }
}

/** Weighted sum of the CRPS of normal distributions with the moments of the mixture once `member` is in it. */
function momentLoss(
  y: Float64Array,
  weight: Float64Array,
  sumOfMeans: Float64Array,
  sumOfSquares: Float64Array,
  member: { readonly mean: Float64Array; readonly square: Float64Array },
  size: number,
): number {
  let loss = 0;
  for (let k = 0; k < y.length; k++) {
    const mean = (sumOfMeans[k]! + member.mean[k]!) / size;
    const variance = (sumOfSquares[k]! + member.square[k]!) / size - mean * mean;
    const distance = y[k]! - mean;
    const sd = Math.sqrt(Math.max(variance, 0));
    const u = distance / sd;
    // Without spread, or far out, the score is the distance; the rest vanishes.
    const score =
      Math.abs(u) < 40
        ? sd * (u * (2 * normalCdf(u) - 1) + 2 * normalPdf(u) - inverseSqrtPi)
        : Math.abs(distance) - inverseSqrtPi * sd;
    loss += weight[k]! * score;
  }
  return loss;
}
