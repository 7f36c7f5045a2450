import type { HistogramSplit } from '../src/growTreeArguments.ts';

/**
 * Twin of `findHistogramSplit`. With sums G and weights H on either side and the penalty l, a split gains
 * G_L^2 / (H_L + l) + G_R^2 / (H_R + l) - G^2 / (H + l).
 *
 * @param histograms sum and weight of each bin of each input, the last bin that of missing cells, d arrays [2 * bins]
 * @param sum, weight of all rows
 */
export function findHistogramSplit(
  histograms: readonly Float64Array[],
  sum: number,
  weight: number,
  penalty: number,
  minLeafWeight: number,
  monotone: Int8Array | null,
): HistogramSplit | null {
  const whole = (sum * sum) / (weight + penalty);
  // A gain within the rounding errors of the sums is none, and gains within this of each other are ties.
  let least = whole + 1e-12 * (whole + 1e-12 * weight);
  const tieMargin = 1e-10;
  // What differs by less than this is rounding, left over from subtracting histograms.
  const leastWeight = Math.max(minLeafWeight * (1 - 1e-9), 1e-9 * weight);
  let best: HistogramSplit | null = null;
  histograms.forEach((histogram, feature) => {
    const bins = histogram.length / 2 - 1;
    const [missingSum, missingWeight] = histogram.subarray(2 * bins);
    const hasMissing = missingWeight > leastWeight * 1e-6;
    for (const missingLeft of hasMissing ? [false, true] : [false]) {
      let leftSum = missingLeft ? missingSum : 0;
      let leftWeight = missingLeft ? missingWeight : 0;
      // With missing cells on the right all others may be on the left.
      for (let bin = 0; bin < (hasMissing && !missingLeft ? bins : bins - 1); bin++) {
        leftSum += histogram[2 * bin];
        leftWeight += histogram[2 * bin + 1];
        const rightSum = sum - leftSum;
        const rightWeight = weight - leftWeight;
        if (Math.min(leftWeight, rightWeight) < leastWeight) continue;
        const score =
          (leftSum * leftSum) / (leftWeight + penalty) + (rightSum * rightSum) / (rightWeight + penalty);
        if (score <= least) continue;
        const rise = rightSum / (rightWeight + penalty) - leftSum / (leftWeight + penalty);
        if ((monotone?.[feature] ?? 0) * rise < 0) continue;
        least = score * (1 + tieMargin);
        best = {
          gain: score - whole,
          feature,
          bin,
          missingLeft: hasMissing ? missingLeft : 2 * leftWeight >= weight,
          leftSum,
          leftWeight,
        };
      }
    }
  });
  return best;
}
