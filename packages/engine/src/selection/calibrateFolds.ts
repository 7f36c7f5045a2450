import { zScoresOf } from '../posteriors/operations.ts';
import { widenPosterior } from '../posteriors/widenPosterior.ts';
import { fitCalibration, type Calibration, type HeldOutScore } from './calibration.ts';
import { calibrationScale } from './calibrationScale.ts';
import type { HeldOutFold } from './heldOutFold.ts';
import { mixtureExcess } from './mixtureExcess.ts';
import { ordinaryZLimit } from './ordinaryZLimit.ts';
import { timesHeldOut } from './timesHeldOut.ts';

/** A z-score beyond this counts as this: one that a posterior rules out is no reason to widen what is said of all others. */
const largestZ = 10;
/** Steps to the factor of a mixture, whose z-scores are not quite divided by what its members are widened by. */
const mixtureSteps = 3;
/** A mixture is never expected to overstate its variance by more than this share. */
const largestExcess = 0.75;

/** Calibration of a model by rows it was not fitted to. */
export interface FoldCalibrations {
  /** By all rows that were held out. */
  readonly all: Calibration;
  /** For each fold, by the rows outside it, whichever repeat they were held out in. */
  readonly outside: readonly Calibration[];
}

interface Score extends HeldOutScore {
  readonly row: number;
  /** Share of the variance stated for it that is there for nothing. */
  readonly excess: number;
}

/** @param y measurements of the target's rows [n] */
export function calibrateFolds(folds: readonly HeldOutFold[], y: Float64Array): FoldCalibrations {
  const times = timesHeldOut(folds, y.length);
  const excesses = folds.map(({ posterior }) => mixtureExcess(posterior));
  const scoresAt = (scale: number): Score[] =>
    folds.flatMap(({ rows, posterior }, f) => {
      const z = zScoresOf(
        widenPosterior(posterior, scale),
        Float64Array.from(rows, (i) => y[i]!),
      );
      return Array.from(rows, (row, r) => ({
        row,
        z: Math.min(largestZ, Math.max(-largestZ, z[r]!)),
        weight: 1 / times[row]!,
        excess: excesses[f]![r]!,
      }));
    });
  const raw = scoresAt(1);
  const isMixture = folds.some(({ posterior }) => posterior.kind === 'mixture');
  const calibrate = (isUsed: (score: Score) => boolean): Calibration => {
    const used = raw.filter(isUsed);
    // All rows at once were held out: nothing but they can say how far off they are.
    if (used.length === 0) return calibrate(() => true);
    const rows = used.reduce((sum, { weight }) => sum + weight, 0);
    const squares = sumOfSquares(used);
    const excess = used.reduce((sum, one) => sum + (one.excess * one.weight) / rows, 0);
    const wanted = calibrationScale(squares, rows, Math.sqrt(1 - Math.min(excess, largestExcess)));
    if (!isMixture || squares === 0)
      return fitCalibration(
        wanted,
        used.map(({ z, weight }) => ({ z: z / wanted, weight })),
      );
    // Until the squares have shrunk as they would have if z-scores were divided by the factor.
    let scale = wanted;
    let scores = scoresAt(scale).filter(isUsed);
    for (let step = 1; step < mixtureSteps; step++) {
      scale *= wanted * Math.sqrt(sumOfSquares(scores) / squares);
      scores = scoresAt(scale).filter(isUsed);
    }
    return fitCalibration(scale, scores);
  };
  return {
    all: calibrate(() => true),
    outside: folds.map(({ rows }) => {
      const own = new Set(rows);
      return calibrate(({ row }) => !own.has(row));
    }),
  };
}

function sumOfSquares(scores: readonly Score[]): number {
  const limit = ordinaryZLimit(Float64Array.from(scores, ({ z }) => Math.abs(z)));
  return scores.reduce((sum, { z, weight }) => sum + Math.min(limit, Math.abs(z)) ** 2 * weight, 0);
}
