import { normalLogPdf } from '../special/normalPdf.ts';
import type { PosteriorOperations } from './operations.ts';
import type { NormalPosterior } from './posterior.ts';

/** The normal posterior: everything in closed form. */
export const normalOperations: PosteriorOperations<NormalPosterior> = {
  rowCount: ({ mean }) => mean.length,
  moments: ({ mean, modelSd, measurementSd }) => ({ mean, modelSd, measurementSd }),
  zScores: ({ mean, measurementSd }, y) => y.map((value, i) => (value - mean[i]!) / measurementSd[i]!),
  values: ({ mean, measurementSd }, z) => z.map((value, i) => mean[i]! + value * measurementSd[i]!),
  logDensities: ({ mean, measurementSd }, y) =>
    y.map((value, i) => {
      const sd = measurementSd[i]!;
      return normalLogPdf((value - mean[i]!) / sd) - Math.log(sd);
    }),
  scale: ({ mean, modelSd, measurementSd }, factors) => ({
    kind: 'normal',
    mean,
    modelSd: modelSd.map((sd, i) => sd * factors[i]!),
    measurementSd: measurementSd.map((sd, i) => Math.max(sd * factors[i]!, Number.MIN_VALUE)),
  }),
  check(reader) {
    const mean = reader.field('mean').float64();
    const modelSd = reader.field('modelSd').float64(mean.length, { min: 0 });
    const measurementSd = reader.field('measurementSd').float64(mean.length, { min: Number.MIN_VALUE });
    if (modelSd.some((sd, i) => sd > measurementSd[i]!))
      throw reader.fail('must have a measurement scatter at least as wide as the model');
    return { kind: 'normal', mean, modelSd, measurementSd };
  },
};
