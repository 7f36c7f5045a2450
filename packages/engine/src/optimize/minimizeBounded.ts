import { BoundedMinimization, type Objective } from './boundedMinimization.ts';
import type { MinimizeOptions } from './minimizeOptions.ts';
import type { MinimizeResult } from './minimizeResult.ts';

/**
 * Minimises a smooth function over the box lower <= x <= upper, from one start to the end: see `BoundedMinimization`.
 *
 * @param start [d]; projected onto the box
 * @param lower [d]; -Infinity where there is no bound
 * @param upper [d]; Infinity where there is no bound; lower <= upper
 */
export function minimizeBounded(
  objective: Objective,
  start: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  { memory, ...limits }: Partial<MinimizeOptions> = {},
): MinimizeResult {
  return new BoundedMinimization(objective, start, lower, upper, memory).run(limits);
}
