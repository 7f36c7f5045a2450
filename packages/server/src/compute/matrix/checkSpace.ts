import { compileSpace, EngineError, explainInfeasible, loadHighs } from '@athanor/engine';
import type { DesignRunViolation, SearchSpace } from '@athanor/schema';
import type { ExperimentMatrix } from './experimentMatrix.ts';

/** What is wrong with a search space of a run: names that are not there, and things that cannot hold together. */
export async function checkSpace(
  matrix: ExperimentMatrix,
  space: SearchSpace,
): Promise<DesignRunViolation[]> {
  const inputs = new Set(matrix.variables.filter(({ type }) => type !== 'property').map(({ key }) => key));
  const unknown = space.variables.filter(({ key }) => !inputs.has(key));
  if (unknown.length > 0)
    return unknown.map(({ key }) => ({
      code: 'invalid_settings',
      message: `The search space varies ${key}, which is no input of the dataset.`,
    }));
  try {
    const compiled = compileSpace(space);
    const explanation = explainInfeasible(compiled, await loadHighs());
    if (explanation === null) return [];
    const { conflicts, relaxations } = explanation;
    const advice =
      relaxations.length === 0
        ? ''
        : ` The least change that helps: ${relaxations.map((one) => `${one.path}: ${one.advice}`).join('; ')}.`;
    return conflicts.map(({ message }) => ({
      code: 'infeasible_design_space',
      message: `${message}${advice}`,
    }));
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return [{ code: 'invalid_settings', message: `The search space: ${error.message}.` }];
  }
}
