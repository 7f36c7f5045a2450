import { PlainDataReader } from '../plainDataReader.ts';
import {
  checkTargetScale,
  fitTargetScale,
  targetSpread,
  targetValue,
  type TargetScale,
} from '../transforms/targetScale.ts';
import type { Model } from './model.ts';
import { unscaleInGraph } from './unscaleInGraph.ts';

type ConstantFitted = {
  readonly target: TargetScale;
  /** Standard deviations in units of the target's own. */
  readonly modelSd: number;
  readonly measurementSd: number;
};

/**
 * The mean of the target, whatever the inputs: what every other model has to beat. Its variance is that of the
 * predictive t distribution with n - 1 degrees of freedom, s^2 (1 + 1/g) (n - 1) / (n - 3), where g groups rather
 * than n rows say how well the mean is known. Below five rows that variance is infinite or nearly so and 3 s^2 is
 * taken.
 */
export const constantModel: Model<Record<string, never>, ConstantFitted> = {
  kind: 'constant',
  title: 'Mean of the data',
  simplicity: 0,
  defaultSpec: {},
  isOffered: () => true,
  estimateFitSeconds: () => 1e-4,

  fit({ y, groups }) {
    const inflation = y.length < 5 ? 3 : (y.length - 1) / (y.length - 3);
    const groupCount = new Set(groups).size;
    const fitted = {
      target: fitTargetScale(y),
      modelSd: Math.sqrt(inflation / groupCount),
      measurementSd: Math.sqrt(inflation * (1 + 1 / groupCount)),
    };
    return { fitted, warnings: [] };
  },

  predict({ target, modelSd, measurementSd }, { rowCount }) {
    return {
      kind: 'normal',
      mean: new Float64Array(rowCount).fill(targetValue(target, 0)),
      modelSd: new Float64Array(rowCount).fill(targetSpread(target, modelSd)),
      measurementSd: new Float64Array(rowCount).fill(targetSpread(target, measurementSd)),
    };
  },

  predictInGraph({ target, measurementSd }, graph, { zeros }) {
    return unscaleInGraph(graph, target, zeros, graph.add(zeros, measurementSd ** 2));
  },

  check(data) {
    const reader = new PlainDataReader(data);
    const modelSd = reader.field('modelSd').number({ min: 0, max: 10 });
    return {
      target: checkTargetScale(reader.field('target')),
      modelSd,
      measurementSd: reader
        .field('measurementSd')
        .number({ min: Math.max(modelSd, Number.MIN_VALUE), max: 10 }),
    };
  },

  exemptions: {
    learns: 'it is the constant that the others are compared with',
    widens: 'it knows nothing of the inputs',
  },
};
