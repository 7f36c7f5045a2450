import type { FixedTerm, Kernel, KernelParameters } from './kernel.ts';
import { stationaryForm } from './stationaryForm.ts';

/** b(x, x') of a fixed term, by kind. */
const fixedTerms: {
  [Kind in FixedTerm['kind']]: (term: FixedTerm, a: Float64Array, b: Float64Array) => number;
} = {
  linear({ centre }, a, b) {
    let sum = 0;
    for (let j = 0; j < centre.length; j++) sum += (a[j]! - centre[j]!) * (b[j]! - centre[j]!);
    return sum;
  },
};

/** k(a, b) of two points [d]: the definition, one pair at a time. Matrices of covariances have faster ways. */
export function evaluateKernel(
  kernel: Kernel,
  { lengthscales, outputScale, fixedScales }: KernelParameters,
  a: Float64Array,
  b: Float64Array,
): number {
  let r2 = 0;
  for (let j = 0; j < a.length; j++) r2 += ((a[j]! - b[j]!) / lengthscales[kernel.lengthscaleOf[j]!]!) ** 2;
  let sum = outputScale * stationaryForm[kernel.form].value(r2);
  kernel.fixed.forEach((term, t) => (sum += fixedScales[t]! * fixedTerms[term.kind](term, a, b)));
  return sum;
}
