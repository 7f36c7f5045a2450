import { EngineError } from '../engineError.ts';
import type { PlainData } from '../plainData.ts';
import { PlainDataReader } from '../plainDataReader.ts';
import { widenInGraph, type PosteriorGraph } from '../posteriors/posteriorGraph.ts';
import { widenPosterior } from '../posteriors/widenPosterior.ts';
import type { ModelKind } from './model.ts';
import type { RegisteredPredictor } from './predictors.ts';
import { findModel, modelRegistry } from './registry.ts';

/** A fitted model that takes part in an ensemble. */
export type EnsembleMember = {
  readonly kind: ModelKind;
  /** Its name in the session. */
  readonly name: string;
  /** Above zero; those of all members have the sum 1. */
  readonly weight: number;
  /** Calibration factor on its own z-scores. */
  readonly scale: number;
  readonly fitted: PlainData;
};

export type EnsembleFitted = { readonly members: readonly EnsembleMember[] };

/**
 * A weighted mixture of calibrated models: its mean is the weighted mean of theirs, and where they disagree it is less
 * sure than any of them. Nothing is fitted here: a session weighs the models it has.
 */
export const ensemble: RegisteredPredictor = {
  kind: 'ensemble',
  title: 'Ensemble',

  predict(data, inputs) {
    const { members } = data as EnsembleFitted;
    const posteriors = members.map(({ kind, scale, fitted }) =>
      widenPosterior(findModel(kind).predict(fitted, inputs), scale),
    );
    if (members.length === 1) return posteriors[0]!;
    return {
      kind: 'mixture',
      weights: Float64Array.from(members, ({ weight }) => weight),
      members: posteriors,
      scale: new Float64Array(inputs.rowCount).fill(1),
    };
  },

  predictInGraph(data, graph, inputs): PosteriorGraph {
    const { members } = data as EnsembleFitted;
    const posteriors = members.map(({ kind, name, scale, fitted }) => {
      const { predictInGraph } = findModel(kind);
      if (predictInGraph === undefined)
        throw new EngineError('MODEL_NOT_EXPORTABLE', `${name} has parts that ONNX has no operators for`);
      return widenInGraph(graph, predictInGraph(fitted, graph, inputs), scale);
    });
    if (members.length === 1) return posteriors[0]!;
    return {
      kind: 'mixture',
      weights: Float64Array.from(members, ({ weight }) => weight),
      members: posteriors,
    };
  },

  check(data): EnsembleFitted {
    const reader = new PlainDataReader(data);
    const members = reader
      .field('members')
      .list()
      .map((one): EnsembleMember => {
        const kind = one.field('kind').oneOf(modelRegistry.map((model) => model.kind));
        return {
          kind,
          name: one.field('name').text(),
          weight: one.field('weight').number({ min: Number.MIN_VALUE, max: 1 }),
          scale: one.field('scale').number({ min: 1e-9, max: 1e9 }),
          fitted: findModel(kind).check(one.field('fitted').value()),
        };
      });
    const total = members.reduce((sum, { weight }) => sum + weight, 0);
    if (!(Math.abs(total - 1) < 1e-9)) throw reader.fail('must have members whose weights sum to 1');
    return { members };
  },
};
