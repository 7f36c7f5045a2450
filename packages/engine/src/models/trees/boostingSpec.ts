import type { InputColumn } from '../inputs.ts';
import { SpecChecker, type MonotoneDirections } from '../specChecker.ts';
import { boostingLosses, type BoostingLossName } from './boostedTrees.ts';

/** What may be asked of boosting, whatever its trees are. */
export type BoostingSpec = {
  /** `quantile` fits the 0.05, 0.5 and 0.95 quantiles, for targets that scatter to one side. */
  readonly loss: BoostingLossName;
  readonly learningRate: number;
  /** Directions in which inputs may move the prediction. */
  readonly monotone: MonotoneDirections;
  /** Key of an input that holds weights of the rows instead of a condition; null where rows count alike. */
  readonly weightColumn: string | null;
};

/** @throws EngineError with code OPTION_INVALID that names the key and the values allowed. */
export function checkBoostingSpec(spec: BoostingSpec, inputs: readonly InputColumn[]): void {
  const check = new SpecChecker(spec, inputs);
  check.oneOf('loss', boostingLosses);
  check.share('learningRate');
  check.directions('monotone');
  if (spec.loss === 'quantile' && Object.keys(spec.monotone).length > 0)
    check.refuse('monotone', 'empty with the loss quantile; squared and huber can keep to directions');
  check.numericInput('weightColumn');
}
