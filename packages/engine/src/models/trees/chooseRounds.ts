import type { BoostingLoss } from './boostingLoss.ts';
import type { BoostingRun } from './boostingRun.ts';

export interface ChosenRounds {
  /** Rounds with the lowest held-out loss, >= 1. */
  readonly rounds: number;
  /** Prediction of each row by the run that did not see it, after that many rounds [n]; NaN where no run held it out. */
  readonly heldOut: Float64Array;
}

/**
 * The number of rounds at the lowest point of the mean loss of runs that each held out other rows. They go on in step
 * until the mean loss has not fallen for `patience` rounds.
 *
 * @param runs one for each part of the rows held out
 * @param runOf which run held a row out, -1 for none [n]
 */
export function chooseRounds(
  runs: readonly BoostingRun[],
  runOf: Int32Array,
  z: Float64Array,
  weights: Float64Array,
  loss: BoostingLoss,
  maxRounds: number,
  patience: number,
): ChosenRounds {
  const heldOut = new Float64Array(z.length).fill(NaN);
  let rounds = 1;
  let least = Infinity;
  for (let round = 1; round <= maxRounds && round <= rounds + patience; round++) {
    for (const run of runs) run.advance();
    let sum = 0;
    for (let i = 0; i < z.length; i++)
      if (runOf[i]! >= 0) sum += weights[i]! * loss.score(z[i]! - runs[runOf[i]!]!.predicted[i]!);
    if (sum >= least) continue;
    least = sum;
    rounds = round;
    for (let i = 0; i < z.length; i++) if (runOf[i]! >= 0) heldOut[i] = runs[runOf[i]!]!.predicted[i]!;
  }
  return { rounds, heldOut };
}
