import type { Objective } from '@athanor/schema';
import { hypervolume, nondominated } from '../acquisition/hypervolume.ts';
import { gainOf, meetsCriterion, resolveObjective } from '../acquisition/resolvedObjective.ts';
import { createGenerator } from '../random/createGenerator.ts';

/** What models say of one target of an experiment that was not made yet. */
export interface StoppingForecast {
  readonly mean: number;
  /** Of the noise-free value. */
  readonly modelSd: number;
  /** Of a measurement, >= modelSd. */
  readonly measurementSd: number;
}

/** What is known when somebody asks whether to go on. */
export interface StoppingEvidence {
  readonly objectives: readonly Objective[];
  /**
   * What was reached [objective][row], NaN where not measured: the measurements, or better the models' means at the
   * measured rows, which noise does not flatter.
   */
  readonly reached: readonly Float64Array[];
  /** Experiments that could be made, best first [proposal][objective]. */
  readonly proposals: readonly (readonly StoppingForecast[])[];
  /** Experiments that will be made at most; proposals beyond count nothing. */
  readonly budget: number;
  /** Factors on the standard deviations of each objective, those of `judgeProposals`; 1 where nothing was judged. */
  readonly widening: readonly number[];
}

/** `wait`: too little is known to say. */
export type StoppingVerdict = 'go_on' | 'stop' | 'wait';

export type StoppingCode =
  | 'goal_reached'
  | 'no_improvement_expected'
  | 'improvement_expected'
  | 'criteria_out_of_reach'
  | 'criteria_within_reach'
  | 'no_proposals_left'
  | 'nothing_measured';

export interface StoppingAdvice {
  readonly verdict: StoppingVerdict;
  readonly code: StoppingCode;
  /** A sentence with the figures that it rests on. */
  readonly reason: string;
  readonly figures: StoppingFigures;
}

/** What a verdict rests on; those that are unknown are absent. */
export interface StoppingFigures {
  /** Experiments that were looked at. */
  readonly experiments: number;
  /**
   * Expected gain of them all over the way from the middle of what was seen to the best of it; for several optimised
   * objectives, of the volume dominated. Without any, the chance that one of them meets all criteria.
   */
  readonly expectedGain?: number;
  /** What the scatter of one measurement is worth, in the same unit. */
  readonly noiseGain?: number;
  /** Chance that the gain exceeds that scatter; while no experiment meets the required criteria, that one will. */
  readonly chanceOfGain?: number;
}

/** Gains below this share of the way made are not worth an experiment even without noise. */
const negligibleGain = 0.01;
/** Chances of meeting all criteria below this are none. */
const negligibleChance = 0.05;
/** Draws for up to two optimised objectives, and for more, whose volumes take longer. */
const drawCounts = { few: 1024, many: 256 };

/**
 * Whether to stop: whatever is expected of all experiments that the budget still allows is less than what one
 * measurement scatters (after the stopping rule of Makarova et al. 2022, which compares the bound of the regret with the
 * error of the measurement), or than a hundredth of the way made. Values at proposals are drawn independently, which
 * errs towards going on. Same evidence, same advice.
 *
 * @throws EngineError with code OPTION_INVALID when an objective lacks its value or criterion
 */
export function adviseStopping(evidence: StoppingEvidence): StoppingAdvice {
  const { reached, widening } = evidence;
  const proposals = evidence.proposals.slice(0, Math.max(0, evidence.budget));
  if (reached.some((y) => knownOf(y).length === 0))
    return {
      verdict: 'wait',
      code: 'nothing_measured',
      reason: 'Not every objective has been measured yet.',
      figures: { experiments: proposals.length },
    };
  const objectives = evidence.objectives.map((objective, t) =>
    resolveObjective(objective, knownOf(reached[t]!), `objectives/${t}`),
  );
  const rows = Array.from(reached[0]!.keys()).filter((row) => reached.every((y) => !Number.isNaN(y[row]!)));
  const meets = (values: readonly number[]): boolean =>
    objectives.every((objective, t) => !objective.isRequired || meetsCriterion(objective, values[t]!));
  const optimized = objectives.flatMap(({ goal }, t) => (goal === 'meet' ? [] : [t]));
  const gains = (values: readonly number[], shift: readonly number[] | null): Float64Array =>
    Float64Array.from(
      optimized,
      (t) =>
        gainOf(objectives[t]!, values[t]!) +
        (shift === null ? 0 : shift[t]! / Math.abs(objectives[t]!.high - objectives[t]!.low)),
    );
  const good = rows.map((row) => reached.map((y) => y[row]!)).filter(meets);
  if (optimized.length === 0 && good.length > 0)
    return {
      verdict: 'stop',
      code: 'goal_reached',
      reason: `${good.length} of ${rows.length} measured experiments meet all criteria.`,
      figures: { experiments: proposals.length },
    };
  if (proposals.length === 0)
    return {
      verdict: 'wait',
      code: 'no_proposals_left',
      reason: 'No proposal is left to judge by; ask for new ones.',
      figures: { experiments: 0 },
    };

  const noise = objectives.map((_, t) => {
    const variances = proposals.map((one) => Math.max(0, one[t]!.measurementSd ** 2 - one[t]!.modelSd ** 2));
    return Math.sqrt(variances.reduce((sum, value) => sum + value, 0) / variances.length);
  });
  const front = nondominated(good.map((values) => gains(values, null)));
  const origin = new Float64Array(optimized.length);
  const volume = optimized.length === 0 ? 0 : hypervolume(front, origin);
  const noiseGain =
    optimized.length === 0
      ? 0
      : hypervolume(
          good.map((values) => gains(values, noise)),
          origin,
        ) - volume;
  const generator = createGenerator('adviseStopping');
  let total = 0;
  let beyond = 0;
  const drawCount = optimized.length > 2 ? drawCounts.many : drawCounts.few;
  for (let s = 0; s < drawCount; s++) {
    const drawn = proposals
      .map((one) =>
        one.map(({ mean, modelSd }, t) => mean + (widening[t] ?? 1) * modelSd * generator.normal()),
      )
      .filter(meets);
    const gain =
      optimized.length === 0
        ? Math.sign(drawn.length)
        : drawn.length === 0
          ? 0
          : hypervolume([...front, ...drawn.map((values) => gains(values, null))], origin) - volume;
    total += gain / drawCount;
    if (good.length === 0 ? drawn.length > 0 : gain > noiseGain) beyond += 1 / drawCount;
  }
  // Without a measured row that counts there is no way made, and any is better than none.
  const way = volume > 0 ? volume : 1;
  const figures = {
    experiments: proposals.length,
    expectedGain: total / way,
    noiseGain: noiseGain / way,
    chanceOfGain: beyond,
  };
  return { ...decide(figures, objectives, optimized, good.length, way), figures };
}

function decide(
  { experiments, expectedGain, noiseGain, chanceOfGain }: Required<StoppingFigures>,
  objectives: readonly { readonly key: string; readonly low: number; readonly high: number }[],
  optimized: readonly number[],
  goodCount: number,
  way: number,
): Omit<StoppingAdvice, 'figures'> {
  const next = experiments === 1 ? 'The next proposal' : `The next ${experiments} proposals`;
  if (optimized.length === 0 || goodCount === 0) {
    const chance = `the next ${experiments} meets ${optimized.length === 0 ? 'all' : 'all that are required'} with a chance of ${percent(chanceOfGain)}`;
    return chanceOfGain < negligibleChance
      ? {
          verdict: 'stop',
          code: 'criteria_out_of_reach',
          reason: `No experiment has met the criteria so far, and one of ${chance}: the space or the criteria have to change.`,
        }
      : {
          verdict: 'go_on',
          code: 'criteria_within_reach',
          reason: `No experiment has met the criteria so far, but one of ${chance}.`,
        };
  }
  const only = optimized.length === 1 ? objectives[optimized[0]!]! : null;
  const amount = (share: number): string =>
    only === null
      ? percent(share)
      : `${Number((share * way * Math.abs(only.high - only.low)).toPrecision(2))}`;
  const what =
    only === null ? 'enlarge what the front dominates by' : `improve ${only.key} beyond the best so far by`;
  const expectation = `${next} can be expected to ${what} ${amount(expectedGain)}`;
  if (expectedGain <= Math.max(noiseGain, negligibleGain))
    return {
      verdict: 'stop',
      code: 'no_improvement_expected',
      reason:
        noiseGain > negligibleGain
          ? `${expectation}, less than the scatter of one measurement (${amount(noiseGain)}).`
          : `${expectation}, less than a hundredth of the way made so far.`,
    };
  return {
    verdict: 'go_on',
    code: 'improvement_expected',
    reason: `${expectation}; the chance of more than the scatter of one measurement is ${percent(chanceOfGain)}.`,
  };
}

function knownOf(values: Float64Array): Float64Array {
  return values.filter((value) => !Number.isNaN(value));
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
