import type { ApplicabilityJudgement } from '@athanor/schema';
import type { Inputs } from '../models/inputs.ts';
import {
  type Applicability,
  insideScore,
  measureNearness,
  outsideScore,
} from '../selection/applicability.ts';

/**
 * How far each row may be trusted, why, and which experiment is nearest. Where the score has been found to say nothing
 * in this project it is withheld; what a cell alone says (never seen, far outside) stands.
 *
 * @param complaints what is wrong with cells of each row, null for none [m]
 */
export function judgeRows(
  applicability: Applicability,
  inputs: Inputs,
  complaints: readonly (string | null)[],
): ApplicabilityJudgement[] {
  const { score, nearest, distance, farthestInput } = measureNearness(applicability, inputs);
  return complaints.map((complaint, i) => {
    const value = complaint === null ? score[i]! : Math.min(score[i]!, outsideScore / 2);
    const isKnown = applicability.isInformative || complaint !== null;
    const isInside = value >= insideScore;
    const far = `far from the nearest experiment, most of all in ${farthestInput[i]}`;
    return {
      score: applicability.isInformative ? value : null,
      class: !isKnown ? 'unknown' : isInside ? 'inside' : value < outsideScore ? 'outside' : 'edge',
      reasons: [
        ...(complaint === null ? [] : [complaint]),
        ...(isInside || !isKnown || score[i]! >= insideScore ? [] : [far]),
      ],
      nearest: { row: applicability.rows[nearest[i]!]!, distance: distance[i]! },
    };
  });
}
