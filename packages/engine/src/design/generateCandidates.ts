import type { Candidate, ComparedCandidates, InputRow, SearchSpace, Warning } from '@athanor/schema';
import { preselect } from './preselect.ts';
import { chooseLenses, screenCandidates } from '../acquisition/screenCandidates.ts';
import { resolveObjective, type ResolvedObjective } from '../acquisition/resolvedObjective.ts';
import type { BatchChoice } from '../acquisition/chooseBatch.ts';
import { EngineError } from '../engineError.ts';
import type { PosteriorMoments } from '../posteriors/operations.ts';
import { takeMoments } from '../posteriors/takeMoments.ts';
import { createGenerator } from '../random/createGenerator.ts';
import type { Generator } from '../random/generator.ts';
import { checkCandidate } from '../space/checkCandidate.ts';
import type { CompiledSpace } from '../space/compiledSpace.ts';
import { PointSet } from '../space/pointSet.ts';
import { pointToRow, rowToPoint } from '../space/pointToRow.ts';
import { addSupported } from './addSupported.ts';
import { applicabilityJudge } from './applicabilityJudge.ts';
import { climb } from './climb.ts';
import { describeCandidates } from './describeCandidates.ts';
import type { DesignContext, DesignRequest } from './designRequest.ts';
import { drawCandidates } from './drawCandidates.ts';
import { joinPoints } from './joinPoints.ts';
import { pictureCompared } from './pictureCompared.ts';
import { pointsToInputs } from './pointsToInputs.ts';
import { prepareSpace } from './prepareSpace.ts';
import { rankBySurety } from './rankBySurety.ts';
import { refineChoices } from './refineChoices.ts';
import type { ScreenedPoints } from './screenedPoints.ts';
import { selectCandidates, type SelectionContext } from './selectCandidates.ts';
import { supportJudge } from './supportJudge.ts';

/** What came of a request for candidates. */
export interface GeneratedCandidates {
  readonly candidates: readonly Candidate[];
  /** Different feasible candidates that were compared. */
  readonly generated: number;
  readonly warnings: readonly Warning[];
  /** Asks the models about some of those that were compared. */
  readonly picture: () => ComparedCandidates;
}

/** Points predicted at once: bounds the memory, whatever the number of candidates. */
const chunk = 8192;
/** Points that all members of an ensemble are asked about; the rest are left out by one of them. */
const mostCompared = 10_000;
/** Points that get to the last comparison, besides those that climbing found. */
const finalists = 300;
/** Least distance within a batch at full diversity, in ranges of an input times the root of their number. */
const widestSpacing = 0.15;

/**
 * Proposes experiments: samples the space, ranks all candidates by the models' moments through several lenses, climbs
 * from the best, chooses a batch over joint draws of the targets, and refines it. Every candidate is checked by
 * independent code.
 *
 * @throws EngineError SPACE_INFEASIBLE with the conflict, SPACE_INVALID, SPACE_UNDECIDED, OPTION_INVALID
 */
export function generateCandidates(request: DesignRequest, context: DesignContext): GeneratedCandidates {
  const { measured, surrogates, mode } = request;
  const generator = createGenerator(request.seed);
  const warnings: Warning[] = [];
  const objectives = request.objectives.map((objective, t) => resolveSeen(request, objective, t));
  const { space } = request;
  const isListed = space.candidates !== undefined;
  const { compiled } = prepareSpace(space, measured.inputs, request.pending);
  const set = drawCandidates(
    space,
    compiled,
    measured.inputs,
    request.generatedCount,
    generator.split('sample'),
    context,
  );
  if (set.count < Math.min(request.generatedCount, request.selectedCount))
    warnings.push({
      code: 'space_small',
      message: `Only ${set.count} different experiments are possible.`,
      count: set.count,
    });
  const generated = set.count;
  const predict = (points: Int32Array): PosteriorMoments[] => {
    const inputs = pointsToInputs(compiled, points, measured.inputs);
    return surrogates.map((surrogate) => surrogate.screen(inputs));
  };
  const kept = leaveOutMost(request, objectives, compiled, set, generator, context);
  const moments = screenAll(kept, compiled, predict, context);
  const screened: ScreenedPoints = { request, objectives, compiled, set: kept, moments, predict };
  const last = refine(screened, generator, context);
  const judge = applicabilityJudge(measured.inputs);
  const support = supportJudge(judge, measured.inputs.rowCount, mode);
  if (support !== null) addSupported(screened, support, last, generator);

  context.progress('selecting', 0);
  const pendingPoints = request.pending.map((row) => requirePoint(compiled, row));
  const selection: SelectionContext = {
    objectives,
    surrogates,
    observed: measured.inputs,
    observedTargets: measured.targets,
    pending:
      pendingPoints.length === 0
        ? null
        : pointsToInputs(compiled, joinPoints(pendingPoints, compiled.variables.length), measured.inputs),
    mode,
    spacing: widestSpacing * request.diversity ** 1.5,
    // Those of the whole choice, which may be narrow, and not of the neighbours that refine it.
    ranges: pointsToInputs(compiled, last.points, measured.inputs),
    goesByMeans: isListed,
  };
  const choose = (points: PointSet, draws: Generator): BatchChoice[] => {
    const inputs = pointsToInputs(compiled, points.points, measured.inputs);
    const supported = support !== null && { support: support(inputs) };
    return selectCandidates(inputs, request.selectedCount, { ...selection, ...supported }, draws);
  };
  const first = { set: last, choices: choose(last, generator.split('select')) };
  context.progress('selecting', 1 / 3);
  const { set: final, choices } = isListed
    ? first
    : refineChoices(compiled, first, choose, generator.split('refine'));
  const points = choices.map(({ candidate }) => final.at(candidate));
  for (const point of points) {
    insist(space, pointToRow(compiled, point));
    // What refining found was compared as well.
    last.add(point);
  }
  const candidates = describeCandidates(
    request,
    objectives,
    compiled,
    points,
    choices.map(({ value }) => value),
    judge,
  );
  context.progress('selecting', 1);
  const picture = () => pictureCompared(request, objectives, compiled, { drawn: set, kept, moments, last });
  return {
    candidates: mode === 'balanced' ? rankBySurety(candidates) : candidates,
    generated,
    warnings,
    picture,
  };
}

function resolveSeen(
  { measured }: DesignRequest,
  objective: DesignRequest['objectives'][number],
  t: number,
): ResolvedObjective {
  const seen = measured.targets[t]!.filter((value) => !Number.isNaN(value));
  if (seen.length === 0)
    throw new EngineError('TARGET_EMPTY', `no row has a value of ${objective.target}`, {
      column: objective.target,
    });
  return resolveObjective(objective, seen, `objectives/${t}`);
}

/** The candidates that a part of the models finds most promising; all of them where there is nothing to save. */
function leaveOutMost(
  { surrogates, measured }: DesignRequest,
  objectives: readonly ResolvedObjective[],
  compiled: CompiledSpace,
  set: PointSet,
  generator: Generator,
  context: DesignContext,
): PointSet {
  if (set.count <= mostCompared || surrogates.every(({ glance }) => glance === undefined)) return set;
  const glance = (points: Int32Array): PosteriorMoments[] => {
    const inputs = pointsToInputs(compiled, points, measured.inputs);
    return surrogates.map((surrogate) => surrogate.glance?.(inputs) ?? surrogate.screen(inputs));
  };
  const moments = screenAll(set, compiled, glance, context);
  const kept = new PointSet(compiled, mostCompared);
  for (const i of preselect(moments, objectives, mostCompared, generator.split('glance')))
    kept.add(set.at(i));
  return kept;
}

/** Moments of all points, a chunk at a time. */
function screenAll(
  set: PointSet,
  compiled: CompiledSpace,
  predict: (points: Int32Array) => readonly PosteriorMoments[],
  { progress }: DesignContext,
): PosteriorMoments[] {
  const d = compiled.variables.length;
  const { points, count } = set;
  const parts: (readonly PosteriorMoments[])[] = [];
  for (let start = 0; start < count; start += chunk) {
    const end = Math.min(count, start + chunk);
    parts.push(predict(points.subarray(start * d, end * d)));
    progress('scoring', end / count);
  }
  const join = (t: number, pick: (one: PosteriorMoments) => Float64Array): Float64Array => {
    const all = new Float64Array(count);
    let next = 0;
    for (const part of parts) {
      all.set(pick(part[t]!), next);
      next += pick(part[t]!).length;
    }
    return all;
  };
  return parts[0]!.map((_, t) => ({
    mean: join(t, (one) => one.mean),
    modelSd: join(t, (one) => one.modelSd),
    measurementSd: join(t, (one) => one.measurementSd),
  }));
}

/** The best of all points and what climbing from them finds. */
function refine(
  { request, objectives, compiled, set, moments, predict }: ScreenedPoints,
  generator: Generator,
  { progress }: DesignContext,
): PointSet {
  const count = Math.max(finalists, 4 * request.selectedCount);
  const best = preselect(moments, objectives, count, generator.split('lenses'));
  const last = new PointSet(compiled, 2 * count);
  if (request.space.candidates === undefined) {
    const lenses = chooseLenses(objectives, generator.split('climb lenses'));
    const some = moments.map((one) => takeMoments(one, best));
    const starts = screenCandidates(objectives, some, lenses).map((scores) =>
      Array.from(best.keys())
        .sort((a, b) => scores[b]! - scores[a]!)
        .map((k) => set.at(best[k]!)),
    );
    climb(compiled, objectives, lenses, starts, predict, last, generator.split('climb'), (share) =>
      progress('refining', share),
    );
  }
  for (const i of best) last.add(set.at(i));
  return last;
}

function requirePoint(compiled: CompiledSpace, row: InputRow): Int32Array {
  const point = rowToPoint(compiled, row);
  if (point === null)
    throw new EngineError('OPTION_INVALID', 'a pending experiment lacks a variable of the search space', {
      field: 'pending',
    });
  return point;
}

/** The last word: what the generator made must pass the independent check. */
function insist(space: SearchSpace, row: InputRow): void {
  const broken = checkCandidate(space, row).find(({ isMet }) => !isMet);
  if (broken !== undefined) throw new Error(`a candidate breaks ${broken.path}: ${JSON.stringify(row)}`);
}
