import type { Generator } from '../../random/generator.ts';

/** `shape` a whole number >= 1; density x^(shape-1) e^(-rate x) of the hyperparameter itself. */
export interface GammaPrior {
  readonly kind: 'gamma';
  readonly shape: number;
  readonly rate: number;
}

/**
 * Normal density of the logarithm, with mean and mode `logMode`. A density of the hyperparameter itself that is
 * log-normal with parameters (m, s) has its mode, and the same shape in the logarithm, at m - s^2.
 */
export interface LogNormalPrior {
  readonly kind: 'logNormal';
  readonly logMode: number;
  readonly sd: number;
}

/** What is believed of a positive hyperparameter before the data. */
export type Prior = GammaPrior | LogNormalPrior;

interface PriorRules<P> {
  /** Log density at log x, without its constant. */
  logDensity(prior: P, logValue: number): number;
  /** Its derivative by log x. */
  slope(prior: P, logValue: number): number;
  /** Logarithm of the mode. */
  logMode(prior: P): number;
  /** Logarithm of a draw. */
  draw(prior: P, generator: Generator): number;
}

const gamma: PriorRules<GammaPrior> = {
  logDensity: ({ shape, rate }, logValue) => (shape - 1) * logValue - rate * Math.exp(logValue),
  slope: ({ shape, rate }, logValue) => shape - 1 - rate * Math.exp(logValue),
  logMode: ({ shape, rate }) => Math.log(Math.max(shape - 1, Number.MIN_VALUE) / rate),
  draw({ shape, rate }, generator) {
    // With a whole shape, a sum of that many exponentials.
    let sum = 0;
    for (let i = 0; i < shape; i++) sum -= Math.log1p(-generator.uniform());
    return Math.log(Math.max(sum, Number.MIN_VALUE) / rate);
  },
};

const logNormal: PriorRules<LogNormalPrior> = {
  logDensity: ({ logMode, sd }, logValue) => -0.5 * ((logValue - logMode) / sd) ** 2,
  slope: ({ logMode, sd }, logValue) => (logMode - logValue) / sd ** 2,
  logMode: ({ logMode }) => logMode,
  draw: ({ logMode, sd }, generator) => logMode + sd * generator.normal(),
};

const rules: { [Kind in Prior['kind']]: PriorRules<Extract<Prior, { kind: Kind }>> } = { gamma, logNormal };

/** The rules of a prior's kind. */
export function priorRules(prior: Prior): PriorRules<Prior> {
  return rules[prior.kind] as PriorRules<Prior>;
}
