/**
 * Power transform for numbers of either sign (Yeo & Johnson, Biometrika 87, 2000): ((u+1)^L - 1)/L for u >= 0,
 * -((1-u)^(2-L) - 1)/(2-L) for u < 0, with the logarithmic limits at L = 0 and L = 2. Increasing; L = 1 changes
 * nothing.
 */
export function yeoJohnson(u: number, lambda: number): number {
  return u >= 0 ? power(u, lambda) : -power(-u, 2 - lambda);
}

/**
 * The u with that transform. Beyond the reach of the transform (L < 0 has an upper limit, L > 2 a lower one) the
 * answer is infinite.
 */
export function inverseYeoJohnson(v: number, lambda: number): number {
  return v >= 0 ? inversePower(v, lambda) : -inversePower(-v, 2 - lambda);
}

/** log of the derivative at u: sign(u) (L - 1) log(1 + |u|). */
export function yeoJohnsonLogSlope(u: number, lambda: number): number {
  return Math.sign(u) * (lambda - 1) * Math.log1p(Math.abs(u));
}

/** Exponents times logarithms below this are zero to working precision, and dividing by them would not be. */
const negligible = 1e-16;

/** ((1 + u)^L - 1) / L for u >= 0, precise for small L log(1 + u). */
function power(u: number, lambda: number): number {
  const log = Math.log1p(u);
  return Math.abs(lambda * log) < negligible ? log : Math.expm1(lambda * log) / lambda;
}

function inversePower(v: number, lambda: number): number {
  if (Math.abs(lambda * v) < negligible) return Math.expm1(v);
  return lambda * v <= -1 ? Infinity : Math.expm1(Math.log1p(lambda * v) / lambda);
}
