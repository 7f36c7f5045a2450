import { createSurrogate, type Surrogate } from '../acquisition/surrogate.ts';
import { adaptInputs } from '../artifact/adaptInputs.ts';
import { flagRows } from '../artifact/flagRows.ts';
import type { ModelTarget, SessionModel } from '../artifact/sessionModel.ts';
import { widenDoubtful } from '../artifact/widenDoubtful.ts';
import type { Inputs } from '../models/inputs.ts';
import { momentsOf, type PosteriorMoments } from '../posteriors/operations.ts';
import { halfWidth } from '../selection/calibration.ts';

/**
 * The surrogate of a target of a built model, which says of rows what a prediction says: of levels and molecules it has never
 * seen, and far outside the ranges it has, it is never surer than of the training row it knows least of.
 */
export function surrogateOf(model: SessionModel, target: ModelTarget): Surrogate {
  const { key, fitted, calibration, widestSd } = target;
  const inner = createSurrogate(key, model.kind, fitted, calibration.scale, (level) =>
    halfWidth(calibration, level),
  );
  const adapt = (inputs: Inputs) => {
    const own = adaptInputs(model, inputs);
    return { own, complaints: flagRows(model.inputs, own).complaints };
  };
  const widened = (inputs: Inputs, momentsAt: (own: Inputs) => PosteriorMoments): PosteriorMoments => {
    const { own, complaints } = adapt(inputs);
    const moments = momentsAt(own);
    if (complaints.every((one) => one === null)) return moments;
    return momentsOf(widenDoubtful({ kind: 'normal', ...moments }, complaints, widestSd));
  };
  return {
    ...inner,
    predict(inputs) {
      const { own, complaints } = adapt(inputs);
      return widenDoubtful(inner.predict(own), complaints, widestSd);
    },
    screen: (inputs) => widened(inputs, (own) => inner.screen(own)),
    ...(inner.glance && { glance: (inputs: Inputs) => widened(inputs, (own) => inner.glance!(own)) }),
    draw(inputs, count, generator) {
      const { own, complaints } = adapt(inputs);
      const draws = inner.draw(own, count, generator);
      if (complaints.every((one) => one === null)) return draws;
      const narrow = inner.predict(own);
      const { mean, modelSd } = momentsOf(narrow);
      const { modelSd: wide } = momentsOf(widenDoubtful(narrow, complaints, widestSd));
      const stretch = wide.map((sd, i) => (modelSd[i]! > 0 ? sd / modelSd[i]! : 1));
      return draws.map((values) => values.map((value, i) => mean[i]! + stretch[i]! * (value - mean[i]!)));
    },
  };
}
