import { tanimoto } from '../table/molecules/tanimoto.ts';
import type { FixedTerm, Kernel, KernelParameters } from './kernel.ts';
import { stationaryForm } from './stationaryForm.ts';

/** k(a, b) of two points [d]: the definition, one pair at a time. Matrices of covariances have faster ways. */
export function evaluateKernel(
  { form, lengthscaleOf, fixed }: Kernel,
  { lengthscales, outputScale, fixedScales }: KernelParameters,
  a: Float64Array,
  b: Float64Array,
): number {
  let r2 = 0;
  lengthscaleOf.forEach((g, j) => (r2 += ((a[j]! - b[j]!) / lengthscales[g]!) ** 2));
  let sum = outputScale * stationaryForm[form].value(r2);
  fixed.forEach((term, t) => (sum += fixedScales[t]! * evaluateTerm(term, a, b)));
  return sum;
}

/** b(x, x') of a fixed term. */
function evaluateTerm(term: FixedTerm, a: Float64Array, b: Float64Array): number {
  if (term.kind === 'tanimoto')
    return tanimoto(term.fingerprints, [a[term.feature]!], [b[term.feature]!])[0]!;
  return term.centre.reduce((sum, centre, j) => sum + (a[j]! - centre) * (b[j]! - centre), 0);
}
