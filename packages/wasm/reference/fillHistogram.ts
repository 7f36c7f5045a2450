/**
 * Twin of `fillHistogram`: adds sum and weight of each row to those of its bin in every input, from zero; then takes what
 * came out away from `whole`.
 *
 * @param bins in strips of four inputs: input j of row i at bins[4 * (floor(j / 4) * n + i) + j % 4]
 * @param moments sum and weight of each row [2 n]
 * @param firstBins number of the first bin of each input, and of all bins at the end [d + 1]
 * @param histogram sum and weight of each bin [2 * bins]
 */
export function fillHistogram(
  n: number,
  d: number,
  bins: Uint8Array,
  moments: Float64Array,
  rows: Int32Array,
  firstBins: Int32Array,
  histogram: Float64Array,
  whole: Float64Array | null,
): void {
  histogram.fill(0);
  for (const row of rows)
    for (let j = 0; j < d; j++) {
      const bin = firstBins[j] + bins[4 * (Math.floor(j / 4) * n + row) + (j % 4)];
      histogram[2 * bin] += moments[2 * row];
      histogram[2 * bin + 1] += moments[2 * row + 1];
    }
  if (whole !== null) for (let k = 0; k < whole.length; k++) whole[k] -= histogram[k];
}
