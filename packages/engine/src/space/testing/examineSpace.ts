import type { SearchSpace } from '@athanor/schema';
import type { Generator } from '../../random/generator.ts';
import { checkCandidate, isFeasible } from '../checkCandidate.ts';
import { compileSpace } from '../compileSpace.ts';
import { explainInfeasible } from '../explainInfeasible.ts';
import { findPoint } from '../findPoint.ts';
import type { LinearSolver } from '../linearSolver.ts';
import { pointToRow } from '../pointToRow.ts';
import { samplePoints } from '../samplePoints.ts';
import { violations } from '../violations.ts';

/** What came of a space: the promises that hold for every one. */
export interface SpaceExamination {
  readonly isFeasible: boolean;
  readonly candidates: number;
  readonly infeasibleCandidates: number;
  /** For an infeasible space, whether leaving out all that is named makes it feasible. */
  readonly isExplained: boolean;
  /** Whether each conflict is minimal: less any one of its members it can hold. */
  readonly isMinimal: boolean;
  /** Points on which the independent check and the whole numbers disagree about some rule. */
  readonly disagreements: number;
}

/** Samples a space, or has its infeasibility explained, and checks both by other code. */
export function examineSpace(
  space: SearchSpace,
  solver: LinearSolver,
  generator: Generator,
  count: number,
): SpaceExamination {
  const compiled = compileSpace(space);
  const disagreements = countDisagreements(space, generator, 10);
  const sampled = samplePoints(compiled, solver, generator, { count });
  const infeasibleCandidates = Array.from({ length: sampled.count }, (_, i) =>
    isFeasible(space, pointToRow(compiled, sampled.at(i))),
  ).filter((one) => !one).length;
  if (sampled.count > 0)
    return {
      isFeasible: true,
      candidates: sampled.count,
      infeasibleCandidates,
      isExplained: true,
      isMinimal: true,
      disagreements,
    };
  const explanation = explainInfeasible(compiled, solver);
  if (explanation === null)
    return {
      isFeasible: true,
      candidates: 0,
      infeasibleCandidates: 0,
      isExplained: true,
      isMinimal: true,
      disagreements,
    };
  const named = explanation.conflicts.flatMap(({ paths }) => paths);
  const isFree = (paths: readonly string[]): boolean =>
    findPoint(compileSpace(leaveOut(space, paths)), solver) !== null;
  const everything = [
    ...space.constraints.map((_, i) => `constraints/${i}`),
    ...space.variables.map((_, j) => `variables/${j}`),
  ];
  const isMinimal = explanation.conflicts.every(({ paths }) =>
    paths.every((path) => isFree(everything.filter((one) => one === path || !paths.includes(one)))),
  );
  return {
    isFeasible: false,
    candidates: 0,
    infeasibleCandidates: 0,
    isExplained: isFree(named),
    isMinimal,
    disagreements,
  };
}

/** The space without some constraints, and with some bounds far out. */
function leaveOut(space: SearchSpace, paths: readonly string[]): SearchSpace {
  return {
    variables: space.variables.map((variable, j) => {
      if (!paths.includes(`variables/${j}`) || !('lower' in variable)) return variable;
      const room = 100 * Math.max(variable.upper - variable.lower, variable.upper, 100);
      return {
        ...variable,
        lower: variable.kind === 'amount' ? 0 : variable.lower - room,
        upper: variable.upper + room,
        ...(variable.step === undefined ? { step: 0.001 } : {}),
      };
    }),
    constraints: space.constraints.filter((_, i) => !paths.includes(`constraints/${i}`)),
  };
}

function countDisagreements(space: SearchSpace, generator: Generator, tries: number): number {
  const compiled = compileSpace(space);
  let count = 0;
  for (let t = 0; t < tries; t++) {
    const point = Int32Array.from(compiled.variables, ({ lower, upper, isAmount }) =>
      isAmount && lower === 0 && generator.uniform() < 0.4
        ? 0
        : lower + Math.floor(generator.uniform() * (upper - lower + 1)),
    );
    const broken = violations(compiled, point);
    const paths = new Set([...broken].map((source) => compiled.sources[source]!.path));
    const checks = checkCandidate(space, pointToRow(compiled, point));
    if (checks.some(({ path, isMet }) => isMet === paths.has(path))) count++;
  }
  return count;
}
