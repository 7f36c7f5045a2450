import type { CompanionRows } from './companionRows.ts';
import type { CompanionParameters } from './companionSpace.ts';

/** Rows of companions as if they measured the target: divided by their factor. */
export interface RelativeRows {
  /** [m] */
  readonly z: Float64Array;
  /** Variance of each row's mean, with the jitter [m]. */
  readonly noise: Float64Array;
}

export function relativeRows(
  { rows, sourceOf }: CompanionRows,
  { factors, noiseVariances }: CompanionParameters,
  jitter: number,
): RelativeRows {
  return {
    z: rows.z.map((z, i) => z / factors[sourceOf[i]!]!),
    noise: rows.counts.map((count, i) => {
      const t = sourceOf[i]!;
      return noiseVariances[t]! / (count * factors[t]! ** 2) + jitter;
    }),
  };
}
