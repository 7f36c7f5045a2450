import type { ResolvedObjective } from '../acquisition/resolvedObjective.ts';
import type { PosteriorMoments } from '../posteriors/operations.ts';
import type { CompiledSpace } from '../space/compiledSpace.ts';
import type { PointSet } from '../space/pointSet.ts';
import type { DesignRequest } from './designRequest.ts';

/** Points of a space with what the models say of them, and what was asked for. */
export interface ScreenedPoints {
  readonly request: DesignRequest;
  readonly objectives: readonly ResolvedObjective[];
  readonly compiled: CompiledSpace;
  readonly set: PointSet;
  /** Moments of the set, one an objective. */
  readonly moments: readonly PosteriorMoments[];
  /** Moments of other points [count, d], one an objective. */
  predict(points: Int32Array): readonly PosteriorMoments[];
}
