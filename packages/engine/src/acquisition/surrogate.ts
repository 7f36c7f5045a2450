import { findModel } from '../models/registry.ts';
import type { Inputs } from '../models/inputs.ts';
import type { PlainData } from '../plainData.ts';
import { momentsOf, scalePosterior, valuesAt, type PosteriorMoments } from '../posteriors/operations.ts';
import type { Posterior } from '../posteriors/posterior.ts';
import type { Generator } from '../random/generator.ts';
import { drawByDistance } from './drawByDistance.ts';

/** A calibrated model of one target, as design sees it: it never asks which one. */
export interface Surrogate {
  /** Key of the target. */
  readonly key: string;
  predict(inputs: Inputs): Posterior;
  /** Moments for ranking many candidates, perhaps by a coarser model. */
  screen(inputs: Inputs): PosteriorMoments;
  /** Joint draws of the noise-free target at m rows [count][m]. */
  draw(inputs: Inputs, count: number, generator: Generator): Float64Array[];
}

/** The surrogate of a fitted model. @param scale calibration factor on its z-scores */
export function createSurrogate(key: string, kind: string, fitted: PlainData, scale: number): Surrogate {
  const model = findModel(kind);
  const coarse = model.thin?.(fitted) ?? fitted;
  const predict = (inputs: Inputs): Posterior => scalePosterior(model.predict(fitted, inputs), scale);
  return {
    key,
    predict,
    screen(inputs) {
      const posterior = model.predictCandidates?.(coarse, inputs) ?? model.predict(coarse, inputs);
      return momentsOf(scalePosterior(posterior, scale));
    },
    draw(inputs, count, generator) {
      const posterior = predict(inputs);
      const { mean, modelSd, measurementSd } = momentsOf(posterior);
      if (model.drawJointly === undefined) {
        const share = modelSd.map((sd, i) => sd / measurementSd[i]!);
        return drawByDistance(inputs, count, generator).map((z) =>
          valuesAt(
            posterior,
            z.map((value, i) => value * share[i]!),
          ),
        );
      }
      // The calibration factor stretches each draw about the mean.
      return model
        .drawJointly(fitted, inputs, count, generator)
        .map((values) => values.map((value, i) => mean[i]! + scale * (value - mean[i]!)));
    },
  };
}
