import type { FittedGaussianProcess } from './fittedGaussianProcess.ts';

/** Members that stand for all when very many rows are ranked. */
const thinMembers = 2;

/** The process with few of its draws of the hyperparameters: its means are close, its work a fraction. */
export function thinProcess(fitted: FittedGaussianProcess): FittedGaussianProcess {
  const { state } = fitted;
  if (state.kind === 'constant' || state.members.length <= thinMembers) return fitted;
  return { ...fitted, state: { ...state, members: state.members.slice(0, thinMembers) } };
}
