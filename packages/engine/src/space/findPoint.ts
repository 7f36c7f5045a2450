import { EngineError } from '../engineError.ts';
import type { CompiledSpace, ExcludedPoint } from './compiledSpace.ts';
import type { LinearSolver, SolveOptions } from './linearSolver.ts';
import { SpaceProgram } from './spaceProgram.ts';
import { violations } from './violations.ts';

/** Limit of the search tree: minutes on the hardest spaces, never reached on ordinary ones. */
const maxNodes = 200_000;

/**
 * A feasible point of the space, or null when there is none: exact, by branch and bound. Points to be left out enter
 * one by one, as the solver runs into them.
 *
 * @param isActive sources in force
 * @throws EngineError with code SPACE_UNDECIDED when the solver can neither find a point nor prove that there is none
 */
export function findPoint(
  space: CompiledSpace,
  solver: LinearSolver,
  options: {
    readonly isActive?: (source: number) => boolean;
    readonly costs?: (variable: number, level: number) => number;
    readonly solve?: SolveOptions;
  } = {},
): Int32Array | null {
  const isActive = options.isActive ?? (() => true);
  const met: ExcludedPoint[] = [];
  for (;;) {
    const program = new SpaceProgram(space, { isActive, excluded: met });
    const solved = program.solve(solver, options.costs, { maxNodes, ...options.solve });
    if (solved === null) return null;
    const { point } = solved;
    const broken = [...violations(space, point)].filter(isActive);
    if (broken.length === 0) return point;
    const runInto = space.excluded.filter(
      (one) => isActive(one.source) && one.cells.every(([j, n]) => point[j] === n),
    );
    if (runInto.every((one) => met.includes(one)))
      throw new EngineError(
        'SPACE_UNDECIDED',
        `the solver's point breaks ${space.sources[broken[0]!]!.text} by rounding`,
        { field: space.sources[broken[0]!]!.path },
      );
    met.push(...runInto.filter((one) => !met.includes(one)));
  }
}
