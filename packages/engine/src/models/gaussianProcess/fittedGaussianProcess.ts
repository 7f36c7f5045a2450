import type { InputEncoder } from '../../transforms/inputEncoder.ts';
import type { TargetWarp } from '../../transforms/targetWarp.ts';
import type { ConstantState, GaussianProcessState } from './gaussianProcessState.ts';

/** A trained Gaussian process. */
export type FittedGaussianProcess = {
  readonly encoder: InputEncoder;
  /** Key of the input with the standard deviation of each measurement; null where the noise was learnt. */
  readonly noiseColumn: string | null;
  readonly warp: TargetWarp;
  /** n */
  readonly rowCount: number;
  /** Row of the process, replicates collapsed, that each training row went into [n]. */
  readonly rowOf: Int32Array;
  readonly state: GaussianProcessState | ConstantState;
};
