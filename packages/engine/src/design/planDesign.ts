import type { Candidate, InputRow, SearchSpace, Warning } from '@athanor/schema';
import { EngineError } from '../engineError.ts';
import { createMatrix, takeMatrixRows } from '../linalg/matrix.ts';
import type { Inputs } from '../models/inputs.ts';
import { createGenerator } from '../random/createGenerator.ts';
import type { Generator } from '../random/generator.ts';
import type { CompiledSpace } from '../space/compiledSpace.ts';
import { findPoint } from '../space/findPoint.ts';
import type { LinearSolver } from '../space/linearSolver.ts';
import { PointSet } from '../space/pointSet.ts';
import { rowToPoint } from '../space/pointToRow.ts';
import { encodeInputs } from '../transforms/encodeInputs.ts';
import { describeColumns, fitInputEncoder, type InputEncoder } from '../transforms/inputEncoder.ts';
import { applicabilityJudge } from './applicabilityJudge.ts';
import { describeCandidates } from './describeCandidates.ts';
import type { DesignContext, MeasuredRows } from './designRequest.ts';
import { drawCandidates } from './drawCandidates.ts';
import { joinInputs } from './joinInputs.ts';
import { modelTerms, type ModelTermKind } from './modelTerms.ts';
import { chooseOptimalDesign } from './optimalDesign.ts';
import { pointsToInputs } from './pointsToInputs.ts';
import { prepareSpace } from './prepareSpace.ts';
import { chooseSpaceFilling, leastDistance } from './spaceFilling.ts';
import { spaceInputs } from './spaceInputs.ts';

export const planMethods = ['space_filling', 'first_design', 'd_optimal', 'i_optimal'] as const;
export type PlanMethod = (typeof planMethods)[number];

/** A design of experiments without models. */
export interface PlanRequest {
  readonly space: SearchSpace;
  readonly method: PlanMethod;
  /** Null before the first experiment. */
  readonly measured: MeasuredRows | null;
  readonly pending: readonly InputRow[];
  readonly generatedCount: number;
  /** Null for as many as a first design should have: 2 d + 2, between 10 and 30. */
  readonly selectedCount: number | null;
  /** Effects that an optimal design tells apart. */
  readonly terms: ModelTermKind;
  readonly seed: number | string;
}

export interface PlannedDesign {
  readonly candidates: readonly Candidate[];
  readonly generated: number;
  /** Figures of merit: `leastDistance`, and for optimal designs `dGain`, `meanVariance`, `largestInflation`, `terms`. */
  readonly figures: { readonly [name: string]: number };
  readonly warnings: readonly Warning[];
}

/** Candidates among which an optimal design chooses: each exchange looks at all. */
const optimalPool = 1200;
/** Candidates among which a space filling design chooses. */
const fillingPool = 20_000;
/** Corners asked of the solver for a first design of a mixture, and the share of the design that they may take. */
const cornerTries = 40;
const cornerShare = 0.4;

/**
 * Plans experiments without models: filling the space around the rows already there, a first design with corners for
 * mixtures, or the rows that tell the effects of a polynomial model apart best.
 *
 * @throws EngineError SPACE_INFEASIBLE, SPACE_INVALID, SPACE_UNDECIDED, OPTION_INVALID
 */
export function planDesign(request: PlanRequest, context: DesignContext): PlannedDesign {
  const generator = createGenerator(request.seed);
  const empty = spaceInputs(request.space);
  const measuredInputs = request.measured?.inputs ?? empty;
  const { compiled } = prepareSpace(request.space, measuredInputs, request.pending);
  const warnings: Warning[] = [];
  const free = compiled.variables.filter(({ lower, upper }) => upper > lower).length;
  const count = request.selectedCount ?? Math.min(30, Math.max(10, 2 * free + 2));
  const isOptimal = request.method === 'd_optimal' || request.method === 'i_optimal';
  const poolSize = Math.max(
    4 * count,
    Math.min(request.generatedCount, isOptimal ? optimalPool : fillingPool),
  );
  const set = drawCandidates(
    request.space,
    compiled,
    measuredInputs,
    poolSize,
    generator.split('sample'),
    context,
  );
  if (set.count < count)
    warnings.push({
      code: 'space_small',
      message: `Only ${set.count} different experiments are possible.`,
      count: set.count,
    });
  const corners =
    request.method === 'first_design' && request.space.candidates === undefined
      ? findCorners(compiled, context.solver, generator.split('corners'))
      : [];
  const all = new PointSet(compiled, set.count + corners.length);
  for (const corner of corners) all.add(corner);
  const cornerCount = all.count;
  for (let i = 0; i < set.count; i++) all.add(set.at(i));

  const inputs = pointsToInputs(compiled, all.points, measuredInputs);
  const anchorInputs = anchorsOf(request, compiled, measuredInputs);
  const joint = anchorInputs === null ? inputs : joinInputs([inputs, anchorInputs]);
  const encoder = fitInputEncoder(joint, { missing: 'impute' });
  const X = encodeInputs(encoder, inputs);
  const anchors =
    anchorInputs === null ? createMatrix(0, X.columnCount) : encodeInputs(encoder, anchorInputs);
  context.progress('selecting', 0);
  let chosen: Int32Array;
  let figures: { [name: string]: number } = {};
  if (isOptimal) {
    const shape = columnShape(encoder, inputs, request.space);
    const F = modelTerms(X, request.terms, shape.isMixture, shape.isIndicator);
    const present = modelTerms(anchors, request.terms, shape.isMixture, shape.isIndicator);
    if (F.columnCount > 400)
      throw new EngineError(
        'OPTION_INVALID',
        `the model has ${F.columnCount} terms, at most 400 can be told apart`,
        {
          field: 'terms',
        },
      );
    const criterion = request.method === 'd_optimal' ? 'D' : 'I';
    const design = chooseOptimalDesign(
      F,
      present,
      Math.min(count, set.count),
      criterion,
      generator.split('exchange'),
    );
    chosen = design.rows;
    figures = {
      dGain: design.dGain,
      meanVariance: design.meanVariance,
      largestInflation: design.largestInflation,
      terms: F.columnCount,
    };
    if (present.rowCount + count < F.columnCount)
      warnings.push({
        code: 'design_unsaturated',
        message: `${present.rowCount + count} rows cannot tell ${F.columnCount} effects apart; plan more or ask for fewer effects.`,
        count: F.columnCount,
      });
  } else {
    const ofCorners = Math.min(cornerCount, Math.floor(cornerShare * count));
    const cornerRows = chooseSpaceFilling(takeMatrixRows(X, countTo(cornerCount)), anchors, ofCorners);
    const there = [takeMatrixRows(X, cornerRows), anchors];
    const joined = createMatrix(cornerRows.length + anchors.rowCount, X.columnCount);
    for (let j = 0; j < X.columnCount; j++) {
      let next = j * joined.stride;
      for (const part of there)
        for (let i = 0; i < part.rowCount; i++) joined.values[next++] = part.values[j * part.stride + i]!;
    }
    const rest = chooseSpaceFilling(X, joined, Math.max(0, count - cornerRows.length));
    chosen = Int32Array.from([...cornerRows, ...rest]);
  }
  figures = { ...figures, leastDistance: leastDistance(X, anchors, [...new Set(chosen)]) };
  const points = Array.from(chosen, (i) => all.at(i));
  const measured = request.measured ?? { inputs: empty, targets: [], tableRows: new Int32Array(0) };
  const candidates = describeCandidates(
    { space: request.space, surrogates: [], measured, errorCorrelation: null, errors: [] },
    [],
    compiled,
    points,
    [],
    measured.inputs.rowCount === 0 ? null : applicabilityJudge(measured.inputs),
  );
  context.progress('selecting', 1);
  return { candidates, generated: all.count, figures, warnings };
}

/** Corners of the space: the best points in random directions. */
function findCorners(compiled: CompiledSpace, solver: LinearSolver, generator: Generator): Int32Array[] {
  if (!compiled.variables.some(({ isAmount }) => isAmount)) return [];
  const corners: Int32Array[] = [];
  for (let attempt = 0; attempt < cornerTries; attempt++) {
    const corner = findPoint(compiled, solver, {
      costs: (j) => {
        const { kind, lower, upper } = compiled.variables[j]!;
        return generator.normal() / (kind === 'list' ? 1 : upper - lower + 1);
      },
      solve: { gap: 0.01, maxNodes: 2000 },
    });
    if (corner !== null) corners.push(corner);
  }
  return corners;
}

function anchorsOf(request: PlanRequest, compiled: CompiledSpace, measured: Inputs): Inputs | null {
  const d = compiled.variables.length;
  const pending = request.pending.flatMap((row) => [...(rowToPoint(compiled, row) ?? [])]);
  const parts = [
    ...(measured.rowCount > 0 ? [measured] : []),
    ...(pending.length >= d ? [pointsToInputs(compiled, Int32Array.from(pending), measured)] : []),
  ];
  return parts.length === 0 ? null : joinInputs(parts);
}

function columnShape(
  encoder: InputEncoder,
  inputs: Inputs,
  space: SearchSpace,
): { isMixture: boolean[]; isIndicator: boolean[] } {
  const amounts = new Set(inputs.columns.filter(({ isAmount }) => isAmount).map(({ column }) => column.key));
  const isClosed = space.constraints.some(({ kind, ...rest }) => kind === 'total' && !('keys' in rest));
  const columns = describeColumns(encoder);
  return {
    isMixture: columns.map(({ key }) => isClosed && amounts.has(key)),
    isIndicator: columns.map(({ role }) => role !== 'value'),
  };
}

function countTo(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => i);
}
