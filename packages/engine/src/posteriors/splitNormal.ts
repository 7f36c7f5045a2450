import { normalLogPdf } from '../special/normalPdf.ts';
import type { PosteriorOperations } from './operations.ts';
import type { SplitNormalPosterior } from './posterior.ts';

/**
 * The two halves of normal distributions of different widths, joined at their median: z = (y - median) / sd with the
 * standard deviation of the side. With U and L those above and below, the mean is median + (U - L) / sqrt(2 pi) and
 * the mean square about the median (U^2 + L^2) / 2.
 */
export const splitNormalOperations: PosteriorOperations<SplitNormalPosterior> = {
  rowCount: ({ median }) => median.length,

  moments({ median, lowerSd, upperSd, modelSd }) {
    const measurementSd = median.map((_, i) => {
      // Over the wider side, so that squares neither overflow nor vanish.
      const wider = Math.max(lowerSd[i]!, upperSd[i]!);
      const lower = lowerSd[i]! / wider;
      const upper = upperSd[i]! / wider;
      return wider * Math.sqrt((lower ** 2 + upper ** 2) / 2 - (upper - lower) ** 2 / (2 * Math.PI));
    });
    return {
      mean: median.map((value, i) => value + (upperSd[i]! - lowerSd[i]!) / Math.sqrt(2 * Math.PI)),
      modelSd: modelSd.map((sd, i) => Math.min(sd, measurementSd[i]!)),
      measurementSd,
    };
  },

  zScores: ({ median, lowerSd, upperSd }, y) =>
    y.map((value, i) => (value - median[i]!) / (value < median[i]! ? lowerSd[i]! : upperSd[i]!)),

  values: ({ median, lowerSd, upperSd }, z) =>
    z.map((value, i) => median[i]! + value * (value < 0 ? lowerSd[i]! : upperSd[i]!)),

  logDensities: ({ median, lowerSd, upperSd }, y) =>
    y.map((value, i) => {
      const sd = value < median[i]! ? lowerSd[i]! : upperSd[i]!;
      return normalLogPdf((value - median[i]!) / sd) - Math.log(sd);
    }),

  scale({ median, lowerSd, upperSd, modelSd }, factors) {
    const widen = (sds: Float64Array, least: number): Float64Array =>
      sds.map((sd, i) => Math.max(sd * factors[i]!, least));
    return {
      kind: 'splitNormal',
      median,
      lowerSd: widen(lowerSd, Number.MIN_VALUE),
      upperSd: widen(upperSd, Number.MIN_VALUE),
      modelSd: widen(modelSd, 0),
    };
  },

  check(reader) {
    const median = reader.field('median').float64();
    return {
      kind: 'splitNormal',
      median,
      lowerSd: reader.field('lowerSd').float64(median.length, { min: Number.MIN_VALUE }),
      upperSd: reader.field('upperSd').float64(median.length, { min: Number.MIN_VALUE }),
      modelSd: reader.field('modelSd').float64(median.length, { min: 0 }),
    };
  },
};
