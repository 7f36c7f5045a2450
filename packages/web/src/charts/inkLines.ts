/** Heights are told apart by this many bins: finer than a line of the picture is wide. */
export const heightBins = 128;

/**
 * How many lines run from each height of one axis to each height of the next.
 *
 * @param left [n] heights between 0 and 1, NaN without a value
 * @param right [n]
 * @param kept [n] rows to count where not 0
 * @param counts [heightBins * heightBins] filled with the counts, bin of the left axis first
 */
export function countLines(
  left: Float32Array,
  right: Float32Array,
  kept: Uint8Array,
  counts: Uint32Array,
): void {
  counts.fill(0);
  const last = heightBins - 1;
  for (let i = 0; i < left.length; i++) {
    if (kept[i] === 0) continue;
    const [a, b] = [left[i]!, right[i]!];
    // NaN fails every comparison.
    if (!(a >= 0 && b >= 0)) continue;
    counts[Math.min(last, (a * heightBins) | 0) * heightBins + Math.min(last, (b * heightBins) | 0)]!++;
  }
}

/**
 * Draws counted lines between two axes: every line leaves the same ink in each column of pixels it crosses, so a
 * picture of many thousand lines costs no more than one of all pairs of bins.
 *
 * @param counts as `countLines` fills them
 * @param ink [width * height] ink is added, row of pixels by row, the top one first
 */
export function inkLines(counts: Uint32Array, ink: Float32Array, width: number, height: number): void {
  const perBin = (height - 1) / (heightBins - 1);
  for (let a = 0; a < heightBins; a++) {
    for (let b = 0; b < heightBins; b++) {
      const count = counts[a * heightBins + b]!;
      if (count === 0) continue;
      const slope = ((a - b) * perBin) / width;
      let from = (heightBins - 1 - a) * perBin;
      for (let x = 0; x < width; x++) {
        const to = from + slope;
        const top = Math.round(Math.min(from, to));
        const bottom = Math.max(top, Math.round(Math.max(from, to)) - (slope === 0 ? 0 : 1));
        const share = count / (bottom - top + 1);
        for (let y = top; y <= bottom; y++) ink[y * width + x]! += share;
        from = to;
      }
    }
  }
}
