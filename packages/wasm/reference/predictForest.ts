/** The trees of a forest as flat arrays; `Forest` of the routines says what each holds. */
export interface ForestValues {
  readonly roots: Int32Array;
  readonly feature: Int32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly missingLeft: Uint8Array | null;
  readonly threshold: Float64Array | Uint8Array;
  readonly value: Float64Array;
  readonly second: Float64Array | null;
}

/** Bin of a missing input. */
const missingBin = 255;

/**
 * Twin of `predictForest` and `predictBinnedForest`: each row of X [m, d] walks down each tree, left where x <=
 * threshold, and scale times the sum over trees of what its leaves hold is its prediction. Missing is not-a-number in
 * float64 inputs and 255 in bins.
 * @throws RangeError when a walk meets an input, split or leaf that does not exist, a split that does not follow, or a
 * threshold that is not finite.
 */
export function predictForest(
  m: number,
  d: number,
  x: Float64Array | Uint8Array,
  ldx: number,
  forest: ForestValues,
  scale: number,
  value: Float64Array,
  second: Float64Array | null,
  squares: Float64Array | null,
): void {
  const { roots, feature, left, right, missingLeft, threshold } = forest;
  const isMissing =
    x instanceof Uint8Array
      ? (input: number) => input === missingBin
      : (input: number) => Number.isNaN(input);
  const isLimit = (limit: number) =>
    Number.isFinite(limit) && !(x instanceof Uint8Array && limit === missingBin);
  for (let i = 0; i < m; i++) {
    let valueSum = 0;
    let secondSum = 0;
    let squareSum = 0;
    for (let t = 0; t < roots.length; t++) {
      let reference = roots[t];
      for (let above = -1; reference >= 0;) {
        const split = reference;
        const exists = split > above && split < feature.length && feature[split] >= 0 && feature[split] < d;
        if (!exists || !isLimit(threshold[split])) {
          throw new RangeError(`Tree ${t} of the forest is malformed`);
        }
        const input = x[i + feature[split] * ldx];
        const goesLeft = isMissing(input) ? missingLeft?.[split] === 1 : input <= threshold[split];
        above = split;
        reference = goesLeft ? left[split] : right[split];
      }
      const leaf = ~reference;
      if (leaf >= forest.value.length) throw new RangeError(`Tree ${t} of the forest is malformed`);
      valueSum += forest.value[leaf];
      squareSum += forest.value[leaf] * forest.value[leaf];
      if (forest.second !== null) secondSum += forest.second[leaf];
    }
    value[i] = scale * valueSum;
    if (second !== null) second[i] = scale * secondSum;
    if (squares !== null) squares[i] = scale * squareSum;
  }
}
