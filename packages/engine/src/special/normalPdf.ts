/** Density of the standard normal distribution. */
export function normalPdf(z: number): number {
  return inverseSqrtTwoPi * Math.exp(-0.5 * z * z);
}

/** Logarithm of the density of the standard normal distribution, for every finite z. */
export function normalLogPdf(z: number): number {
  return -0.5 * z * z - halfLogTwoPi;
}

const inverseSqrtTwoPi = 0.3989422804014327;
const halfLogTwoPi = 0.9189385332046727;
