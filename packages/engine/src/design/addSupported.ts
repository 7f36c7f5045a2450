import type { Applicability } from '@athanor/schema';
import { chooseLenses, screenCandidates } from '../acquisition/screenCandidates.ts';
import type { Inputs } from '../models/inputs.ts';
import type { PosteriorMoments } from '../posteriors/operations.ts';
import { takeMoments } from '../posteriors/takeMoments.ts';
import type { Generator } from '../random/generator.ts';
import { isFeasible } from '../space/checkCandidate.ts';
import type { CompiledSpace } from '../space/compiledSpace.ts';
import type { PointSet } from '../space/pointSet.ts';
import { pointToRow, rowToPoint } from '../space/pointToRow.ts';
import { climb } from './climb.ts';
import type { DesignRequest } from './designRequest.ts';
import { inputsToRows } from './inputsToRows.ts';
import { joinPoints } from './joinPoints.ts';
import { pointsToInputs } from './pointsToInputs.ts';
import { preselect } from './preselect.ts';
import { preselectSupported } from './preselectSupported.ts';
import type { ScreenedPoints } from './screenedPoints.ts';
import { spacingRule } from './spacingRule.ts';

/** The most promising of all points, which are judged. */
const mostJudged = 10_000;
/** Measured rows from which climbs may start. */
const mostRows = 2000;
/** Lenses more optimistic than this look for what is not known. */
const mostOptimism = 0.5;
/** Starts a lens, and how far apart they are at least, so that a batch finds several places. */
const startCount = 6;
const startSpacing = 0.1;

/**
 * Adds the best points inside the data, which may be none of the best of a wide space: the most promising of all are
 * judged, and climbs from them and from measured rows go no further than the data do.
 *
 * @param support where candidates lie to the data
 * @param last where they are added
 */
export function addSupported(
  { request, objectives, compiled, set, moments, predict }: ScreenedPoints,
  support: (candidates: Inputs) => Applicability['class'][],
  last: PointSet,
  generator: Generator,
): void {
  const d = compiled.variables.length;
  const promising = preselect(moments, objectives, mostJudged, generator.split('judged')).sort();
  const inputsOf = (points: Int32Array): Inputs => pointsToInputs(compiled, points, request.measured.inputs);
  const candidates = Array.from(promising, (i) => set.at(i));
  const judged = support(inputsOf(joinPoints(candidates, d)));
  const some = moments.map((one) => takeMoments(one, promising));
  const bestOf = (wanted: Applicability['class']): Int32Array[] => {
    const draws = generator.split(wanted);
    const best = preselectSupported(some, objectives, judged, wanted, request.selectedCount, draws);
    return Array.from(best, (k) => candidates[k]!);
  };
  const inside = bestOf('inside');
  if (request.space.candidates === undefined) {
    const starts = [...inside, ...measuredPoints(request, compiled)];
    if (starts.length > 0) climbInside(starts);
  }
  for (const point of [...inside, ...bestOf('edge')]) last.add(point);

  function climbInside(points: readonly Int32Array[]): void {
    const lenses = chooseLenses(objectives, generator.split('inside lenses')).filter(
      ({ optimism }) => optimism <= mostOptimism,
    );
    const all = joinPoints(points, d);
    const known = predict(all);
    const isApart = spacingRule(inputsOf(all), startSpacing);
    const starts = screenCandidates(objectives, known, lenses).map((scores) => {
      const chosen: number[] = [];
      for (const k of [...points.keys()].sort((a, b) => scores[b]! - scores[a]!))
        if (chosen.length < startCount && isApart(k, chosen)) chosen.push(k);
      return chosen.map((k) => points[k]!);
    });
    // Comparisons with NaN are never won, so that no climber steps out.
    const within = (asked: Int32Array): PosteriorMoments[] => {
      const found = support(inputsOf(asked));
      const places = Array.from(found.keys()).filter((i) => found[i] === 'inside');
      const inner = joinPoints(
        places.map((i) => asked.subarray(i * d, (i + 1) * d)),
        d,
      );
      const spread = (values: Float64Array): Float64Array => {
        const all = new Float64Array(found.length).fill(NaN);
        places.forEach((i, k) => (all[i] = values[k]!));
        return all;
      };
      return predict(inner).map(({ mean, modelSd, measurementSd }) => ({
        mean: spread(mean),
        modelSd: spread(modelSd),
        measurementSd: spread(measurementSd),
      }));
    };
    climb(compiled, objectives, lenses, starts, within, last, generator.split('inside climb'), () => {});
  }
}

/** Measured rows that are points of the space [at most 2000]. */
function measuredPoints({ space, measured }: DesignRequest, compiled: CompiledSpace): Int32Array[] {
  const { variables, constraints } = space;
  const points = inputsToRows(measured.inputs)
    .map((row) => rowToPoint(compiled, row))
    .filter((point) => point !== null)
    .filter((point) => isFeasible({ variables, constraints }, pointToRow(compiled, point)));
  const step = Math.ceil(points.length / mostRows);
  return points.filter((_, k) => k % step === 0);
}
