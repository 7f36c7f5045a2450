import type { InputEncoder } from '../../transforms/inputEncoder.ts';
import type { TargetWarp } from '../../transforms/targetWarp.ts';
import type { ConstantState, GaussianProcessState } from './gaussianProcessState.ts';

/** Another target that was learnt along with this one. */
export type FittedCompanion = {
  readonly key: string;
  /** What it is times the target, both standardised; below 0 where it falls as the target rises. */
  readonly factor: number;
  /** Variance of the part of its own, as a share of the kernel. */
  readonly ownScale: number;
  /** On its own scale. */
  readonly noiseVariance: number;
};

/** A noise that depends on the target: its variance is exp(slope z) times the usual one at a standardised target of z. */
export type NoiseTrend = {
  readonly slope: number;
  /** Between which z it is followed: those seen. */
  readonly least: number;
  readonly greatest: number;
};

/** A trained Gaussian process. */
export type FittedGaussianProcess = {
  readonly encoder: InputEncoder;
  /** Key of the input with the standard deviation of each measurement; null where the noise was learnt. */
  readonly noiseColumn: string | null;
  /** Null where the noise is the same everywhere. */
  readonly noiseTrend: NoiseTrend | null;
  readonly warp: TargetWarp;
  /** n */
  readonly rowCount: number;
  /** Row of the process, replicates collapsed, that each training row went into [n]. */
  readonly rowOf: Int32Array;
  /** Empty where the target was learnt alone. */
  readonly companions: readonly FittedCompanion[];
  readonly state: GaussianProcessState | ConstantState;
};
