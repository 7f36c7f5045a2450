import { EngineError } from '../engineError.ts';
import type { PlainData } from '../plainData.ts';
import { constantModel } from './constant.ts';
import { elasticNetModel } from './elasticNet.ts';
import { extraTreesModel } from './extraTrees.ts';
import { gaussianProcessModel } from './gaussianProcess.ts';
import { gradientBoostingModel } from './gradientBoosting.ts';
import { histogramBoostingModel } from './histogramBoosting.ts';
import type { Model } from './model.ts';
import { partialLeastSquaresModel } from './partialLeastSquares.ts';
import { randomForestModel } from './randomForest.ts';
import { responseSurfaceModel } from './responseSurface.ts';
import { ridgeModel } from './ridge.ts';
import { scheffeModel } from './scheffe.ts';

/** A model whose spec and fitted data are known to be plain and nothing more: how everyone but its own file sees it. */
export type RegisteredModel = Model<PlainData, PlainData>;

/**
 * Every model there is, in the order of the default portfolio: those that predict soonest and best first, the
 * constant last. A new model is its own file and a line here; the conformance suite finds it by this list.
 */
export const modelRegistry: readonly RegisteredModel[] = [
  ridgeModel,
  elasticNetModel,
  scheffeModel,
  responseSurfaceModel,
  partialLeastSquaresModel,
  gaussianProcessModel,
  extraTreesModel,
  randomForestModel,
  gradientBoostingModel,
  histogramBoostingModel,
  constantModel,
];

/**
 * @param field path of the kind in the request, for the message
 * @throws EngineError with code OPTION_INVALID when no model of that kind is registered.
 */
export function findModel(kind: string, field = 'kind'): RegisteredModel {
  const model = modelRegistry.find((one) => one.kind === kind);
  if (model === undefined)
    throw new EngineError(
      'OPTION_INVALID',
      `there is no model of kind ${kind}; there are ${modelRegistry.map((one) => one.kind).join(', ')}`,
      { field, value: kind },
    );
  return model;
}
