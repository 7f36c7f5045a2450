import { ensemble } from './ensemble.ts';
import type { ModelKind } from './model.ts';
import { findModel, modelRegistry, type RegisteredModel } from './registry.ts';

/** Everything that can predict: the algorithms, and what a session makes of several of them. */
export const predictorKinds = [...modelRegistry.map(({ kind }) => kind), 'ensemble'] as const;
export type PredictorKind = ModelKind | 'ensemble';

/** What prediction needs to know of a model, whoever fitted it. */
export type RegisteredPredictor = Pick<RegisteredModel, 'title' | 'predict' | 'predictInGraph' | 'check'> & {
  readonly kind: PredictorKind;
};

/** @throws EngineError with code OPTION_INVALID when nothing of that kind is registered. */
export function findPredictor(kind: string): RegisteredPredictor {
  return kind === ensemble.kind ? ensemble : findModel(kind);
}
