import { erfcx } from '../special/erfc.ts';
import { normalCdf } from '../special/normalCdf.ts';
import { normalLogPdf, normalPdf } from '../special/normalPdf.ts';

/**
 * log E[max(f - best, 0)] for f normal, without underflow: log h(u) + log sd, h(u) = phi(u) + u Phi(u), u = (mean - best)
 * / sd (Ament et al. 2023, eq. 9 and appendix A). For u <= -1 h(u) = phi(u) (1 - exp(w)) with
 * w = log(|u| erfcx(-u / sqrt 2)) + log(pi / 2) / 2; for u <= -1e6 h(u) is phi(u) / u^2 to working precision.
 *
 * @param sd > 0
 */
export function logExpectedImprovement(mean: number, sd: number, best: number): number {
  return logUnitImprovement((mean - best) / sd) + Math.log(sd);
}

function logUnitImprovement(u: number): number {
  if (u > -1) return Math.log(normalPdf(u) + u * normalCdf(u));
  if (u <= -1e6) return normalLogPdf(u) - 2 * Math.log(-u);
  const w = Math.log(-u * erfcx(-u * Math.SQRT1_2)) + 0.5 * Math.log(Math.PI / 2);
  return normalLogPdf(u) + Math.log(-Math.expm1(w));
}
