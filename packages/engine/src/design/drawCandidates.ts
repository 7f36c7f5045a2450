import type { SearchSpace } from '@athanor/schema';
import { EngineError } from '../engineError.ts';
import type { Inputs } from '../models/inputs.ts';
import type { Generator } from '../random/generator.ts';
import { isFeasible } from '../space/checkCandidate.ts';
import type { CompiledSpace } from '../space/compiledSpace.ts';
import { compileSpace } from '../space/compileSpace.ts';
import { explainInfeasible } from '../space/explainInfeasible.ts';
import { PointSet } from '../space/pointSet.ts';
import { rowToPoint } from '../space/pointToRow.ts';
import { samplePoints } from '../space/samplePoints.ts';
import type { DesignContext } from './designRequest.ts';
import { inputsToRows } from './inputsToRows.ts';

/**
 * Different feasible points: those of the candidate list, or sampled from the whole space.
 *
 * @throws EngineError SPACE_INFEASIBLE with the conflict and the least change that helps
 */
export function drawCandidates(
  space: SearchSpace,
  compiled: CompiledSpace,
  measured: Inputs,
  count: number,
  generator: Generator,
  { solver, progress }: DesignContext,
): PointSet {
  progress('sampling', 0);
  const { candidates } = space;
  if (candidates !== undefined) {
    const set = new PointSet(compiled, candidates.length);
    for (const row of candidates) {
      const listless = { variables: space.variables, constraints: space.constraints };
      if (!isFeasible(listless, row)) continue;
      const point = rowToPoint(compiled, row);
      if (point !== null && set.count < count) set.add(point);
    }
    if (set.count === 0)
      throw new EngineError(
        'SPACE_INFEASIBLE',
        'no row of the candidate list obeys all constraints and is new',
        {
          field: 'candidates',
        },
      );
    return set;
  }
  const starts = inputsToRows(measured)
    .map((row) => rowToPoint(compiled, row))
    .filter((point) => point !== null);
  const set = samplePoints(compiled, solver, generator, { count, starts });
  if (set.count === 0) {
    // Asked of the space alone: what was made before is nobody's rule and must not be blamed on one.
    const explanation = explainInfeasible(compileSpace(space), solver);
    if (explanation === null)
      throw new EngineError(
        'SPACE_INFEASIBLE',
        'Every experiment of this space was made before or is under way.',
        { field: 'variables' },
        'Allow more: wider bounds, finer steps or further choices.',
      );
    const { conflicts, relaxations } = explanation;
    const advice = relaxations.map((one) => `${one.path}: ${one.advice}`);
    throw new EngineError(
      'SPACE_INFEASIBLE',
      conflicts.map(({ message }) => message).join(' '),
      { field: conflicts[0]?.paths[0] ?? 'constraints' },
      advice.length === 0 ? undefined : `The least change that helps: ${advice.join('; ')}.`,
    );
  }
  progress('sampling', 1);
  return set;
}
