import { pythonEnvironment } from '../pythonEnvironment.ts';

/** Path of a python3 with scikit-learn, GPyTorch and BoTorch. @throws when pip or the C compiler fails. */
export function peerPython(): string {
  return pythonEnvironment('bench-gp', import.meta.dirname, ['torch', 'gpytorch', 'botorch', 'sklearn']);
}
