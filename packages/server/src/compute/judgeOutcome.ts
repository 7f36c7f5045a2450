import {
  adviseStopping,
  judgeProposals,
  meetsCriterion,
  type MeasuredProposal,
  type ProposalJudgement,
  resolveObjective,
  type ResolvedObjective,
  type Table,
  wilsonInterval,
} from '@athanor/engine';
import type {
  DesignPayload,
  InsightOutcome,
  MeasuredCandidate,
  Objective,
  StopAdvice,
} from '@athanor/schema';
import { matchCandidates } from './matchCandidates.ts';

/** What there is to say of an insight's candidates once some of them were made. */
export type OutcomeOfTable = Pick<
  InsightOutcome,
  'proposed' | 'measured' | 'targets' | 'criteria' | 'stop' | 'warnings'
>;

/** Nominal level of the intervals that candidates carry. */
const level = 0.9;

/**
 * How candidates did against their predictions.
 *
 * @param firstRow rows before this one were there when the candidates were proposed
 * @param marks rows that were said to be a candidate, or none, by row from 0 on
 */
export function judgeOutcome(
  table: Table,
  payload: DesignPayload,
  firstRow: number,
  marks: ReadonlyMap<number, number | null>,
): OutcomeOfTable {
  const candidateOf = new Map(payload.candidates.map((candidate) => [candidate.rank, candidate]));
  const criteria = payload.objectives.flatMap((objective, i) => {
    const known = valuesOf(table, objective.target).filter((value) => !Number.isNaN(value));
    if (objective.criterion === undefined || known.length === 0) return [];
    return [resolveObjective(objective, known, `objectives/${i}`)];
  });
  const measured: MeasuredCandidate[] = [];
  const proposals: MeasuredProposal[] = [];
  for (const { row, rank, matchedBy } of matchCandidates(table, payload, firstRow, marks)) {
    const candidate = candidateOf.get(rank);
    if (candidate === undefined) continue;
    const valueOf = (target: string): number => valuesOf(table, target)[row] ?? NaN;
    const meetsAll = meets(criteria, valueOf);
    measured.push({
      rank,
      row: row + 1,
      matchedBy,
      inputs: candidate.inputs,
      targets: candidate.predictions.map(({ target, prediction }) => {
        const value = valueOf(target);
        const error = value - prediction.mean;
        const isKnown = !Number.isNaN(value);
        const { lower, upper } = prediction.interval;
        return {
          target,
          predicted: prediction,
          measured: isKnown ? value : null,
          error: isKnown ? error : null,
          standardizedError:
            isKnown && prediction.standardDeviation > 0 ? error / prediction.standardDeviation : null,
          isInInterval: isKnown ? value >= lower && value <= upper : null,
          meetsCriterion: meets(
            criteria.filter(({ key }) => key === target),
            valueOf,
          ),
        };
      }),
      meetsAll,
    });
    proposals.push({
      promises: candidate.predictions
        .filter(({ prediction }) => prediction.standardDeviation > 0)
        .map(({ target, prediction }) => ({
          target,
          mean: prediction.mean,
          standardDeviation: prediction.standardDeviation,
          interval: prediction.interval,
          measured: valueOf(target),
          isLessBetter: isLessBetter(payload.objectives.find((one) => one.target === target)),
        })),
      probabilityOfAll: candidate.probabilityOfAll,
      hasMetAll: meetsAll,
    });
  }
  const judgement = judgeProposals(proposals, level);
  return {
    proposed: payload.candidates.length,
    measured,
    targets: judgement.targets.map(({ coverage, ...rest }) => ({
      ...rest,
      coverage: { level, observed: coverage, ...wilsonInterval(coverage, rest.count) },
    })),
    criteria: judgement.criteria,
    stop: advise(table, payload, judgement, new Set(measured.map(({ rank }) => rank))),
    warnings: unmatchedWarning(marks, measured),
  };
}

function valuesOf(table: Table, target: string): Float64Array {
  const column = table.columns.find(({ key }) => key === target);
  return column?.kind === 'numeric' ? column.values : new Float64Array(table.rowCount).fill(NaN);
}

/** Null without criteria, and while one of their targets is not measured. */
function meets(criteria: readonly ResolvedObjective[], valueOf: (target: string) => number): boolean | null {
  if (criteria.length === 0 || criteria.some(({ key }) => Number.isNaN(valueOf(key)))) return null;
  return criteria.every((one) => meetsCriterion(one, valueOf(one.key)));
}

function isLessBetter(objective: Objective | undefined): boolean | null {
  switch (objective?.goal) {
    case 'maximize':
      return false;
    case 'minimize':
      return true;
    case 'meet': {
      const operator = objective.criterion?.operator;
      if (operator === 'gt' || operator === 'gte') return false;
      return operator === 'lt' || operator === 'lte' ? true : null;
    }
    default:
      return null;
  }
}

/** Whether the candidates that nobody has made yet are worth it. */
function advise(
  table: Table,
  { objectives, candidates }: DesignPayload,
  { targets }: ProposalJudgement,
  made: ReadonlySet<number>,
): StopAdvice {
  if (objectives.length === 0 || candidates.every(({ predictions }) => predictions.length === 0)) {
    return {
      verdict: 'wait',
      code: 'nothing_promised',
      reason: 'These experiments were planned without models, so nothing was promised of them.',
      figures: {},
    };
  }
  const open = candidates.filter(({ rank }) => !made.has(rank));
  const { figures, ...advice } = adviseStopping({
    objectives,
    reached: objectives.map(({ target }) => valuesOf(table, target)),
    proposals: open.map(({ predictions }) =>
      objectives.map(({ target }) => {
        const { prediction } = predictions.find((one) => one.target === target)!;
        return {
          mean: prediction.mean,
          modelSd: prediction.modelStandardDeviation,
          measurementSd: prediction.standardDeviation,
        };
      }),
    ),
    budget: open.length,
    widening: objectives.map(({ target }) => targets.find((one) => one.target === target)?.widening ?? 1),
  });
  return { ...advice, figures: { ...figures } };
}

/** Rows that were added for this insight and are none of its candidates. */
function unmatchedWarning(
  marks: ReadonlyMap<number, number | null>,
  measured: readonly MeasuredCandidate[],
): OutcomeOfTable['warnings'] {
  const rows = new Set(measured.map(({ row }) => row - 1));
  const lost = [...marks].filter(([row, rank]) => rank !== null && !rows.has(row)).map(([row]) => row + 1);
  if (lost.length === 0) return [];
  const message = `${lost.length} rows were said to be candidates that this insight does not have.`;
  return [{ code: 'candidate_unknown', message, rows: lost.slice(0, 5), count: lost.length }];
}
