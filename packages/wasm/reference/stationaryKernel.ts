import type { StationaryKernel } from '../src/routines.ts';

/** Value and derivative factor of a stationary kernel at one squared distance. */
export interface KernelValue {
  readonly k: number;
  /** dk / d log l_j = g (x_j - x'_j)^2 with inputs already divided by l. */
  readonly g: number;
}

/**
 * A stationary kernel of unit variance at r^2 (Rasmussen & Williams, 2006, equations 4.9 and 4.17).
 *
 * Its derivative factor for `matern52`: dk/ds = -s (1 + s) e^-s / 3 and ds / d log l_j = -5 (x_j - x'_j)^2 / s, with s = sqrt(5) r.
 */
export const stationaryKernel: Record<StationaryKernel, (squaredDistance: number) => KernelValue> = {
  matern52(squaredDistance) {
    const s = Math.sqrt(5 * squaredDistance);
    const decay = Math.exp(-s);
    return { k: (1 + s + (s * s) / 3) * decay, g: (5 / 3) * (1 + s) * decay };
  },
  rbf(squaredDistance) {
    const k = Math.exp(-squaredDistance / 2);
    return { k, g: k };
  },
};
