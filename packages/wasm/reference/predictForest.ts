/** The trees of a forest as flat arrays; `Forest` of the routines says what each holds. */
export interface ForestValues {
  readonly treeCount: number;
  readonly featureCount: number;
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
 * Twin of `predictForest` and `predictBinnedForest`: each row walks down each tree, left where x <= threshold, and
 * scale times the sum of the leaf values over trees is its prediction. Missing is not-a-number in float64 inputs and
 * 255 in bins.
 * @throws RangeError when a walk meets a node that names an unknown feature or a child that does not follow it.
 */
export function predictForest(
  m: number,
  x: Float64Array | Uint8Array,
  ldx: number,
  forest: ForestValues,
  scale: number,
  value: Float64Array,
  second: Float64Array | null,
): void {
  const { roots, feature, left, right, missingLeft, threshold } = forest;
  const isMissing =
    x instanceof Uint8Array
      ? (input: number) => input === missingBin
      : (input: number) => Number.isNaN(input);
  for (let i = 0; i < m; i++) {
    let valueSum = 0;
    let secondSum = 0;
    for (let t = 0; t < forest.treeCount; t++) {
      let node = roots[t];
      const end = t + 1 < forest.treeCount ? roots[t + 1] : feature.length;
      if (!(node >= 0 && node < end)) throw new RangeError(`Tree ${t} has no nodes`);
      while (feature[node] >= 0) {
        const input = x[i + feature[node] * ldx];
        const goesLeft = isMissing(input)
          ? missingLeft !== null && missingLeft[node] === 1
          : input <= threshold[node];
        const child = goesLeft ? left[node] : right[node];
        if (feature[node] >= forest.featureCount || !(child > node && child < end)) {
          throw new RangeError(
            `Node ${node} of tree ${t} names an unknown feature, or a child that does not follow it`,
          );
        }
        node = child;
      }
      valueSum += forest.value[node];
      if (forest.second !== null) secondSum += forest.second[node];
    }
    value[i] = scale * valueSum;
    if (second !== null) second[i] = scale * secondSum;
  }
}
