import { normalLogCdf } from './normalCdf.ts';
import { normalLogPdf } from './normalPdf.ts';
import { polynomial } from './polynomial.ts';

/**
 * Quantile of the standard normal distribution: z with P(Z <= z) = p, for p in [0, 1]; -Infinity and Infinity at the
 * ends, NaN outside. Relative error below 1e-15 in exact arithmetic, 4e-15 here.
 *
 * Algorithm AS 241, PPND16 (Michael J. Wichura, Applied Statistics 37, 1988, 477).
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(centralNumerator, r)) / polynomial(centralDenominator, r);
  }
  if (!(p >= 0 && p <= 1)) return NaN;
  if (q < 0) return lowerTail(Math.sqrt(-Math.log(p)));
  return -lowerTail(Math.sqrt(-Math.log(1 - p)));
}

/**
 * The same from the logarithm of the probability, so that it does not end at the smallest p: exact to 1e-13 for
 * every logarithm <= 0.
 */
export function normalQuantileOfLog(logP: number): number {
  if (logP >= 0) return logP === 0 ? Infinity : NaN;
  if (logP > -1) return -normalQuantile(-Math.expm1(logP));
  if (logP > -3) return normalQuantile(Math.exp(logP));
  if (logP > -700) return lowerTail(Math.sqrt(-logP));
  // Newton's method on log Phi, whose graph is nearly a parabola out here: three steps from the asymptote suffice.
  let z = -Math.sqrt(-2 * logP);
  if (z === -Infinity) return z;
  for (let step = 0; step < 4; step++) {
    const logCdf = normalLogCdf(z);
    z -= (logCdf - logP) * Math.exp(logCdf - normalLogPdf(z));
  }
  return z;
}

/** Quantile below p = 0.075 from r = sqrt(-log p). */
function lowerTail(r: number): number {
  if (r === Infinity) return -Infinity;
  if (r <= 5) return -polynomial(nearNumerator, r - 1.6) / polynomial(nearDenominator, r - 1.6);
  return -polynomial(farNumerator, r - 5) / polynomial(farDenominator, r - 5);
}

const centralNumerator = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const centralDenominator = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
];
const nearNumerator = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
];
const nearDenominator = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
];
const farNumerator = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
];
const farDenominator = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
];
