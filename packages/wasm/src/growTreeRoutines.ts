import type { Arena } from './arena.ts';
import type { UncheckedRoutines } from './uncheckedRoutines.ts';
import type { WasmExports } from './wasmExports.ts';

/** Bytes a row in the workspace of an exact tree, besides 4 an input, as in `assembly/exactTree.ts`. */
const exactTreeRowBytes = 73;
/** Bytes a row and an input in the workspace of an extra tree, as in `assembly/extraTree.ts`. */
const extraTreeRowBytes = 44;
const extraTreeInputBytes = 64;

/** Those routines of a WebAssembly build that grow trees. */
export function growTreeRoutines(
  arena: Arena,
  wasm: WasmExports,
): Pick<
  UncheckedRoutines,
  'fillHistogram' | 'findHistogramSplit' | 'partBinnedRows' | 'growExactTree' | 'growExtraTree'
> {
  return {
    fillHistogram({ n, d, bins, moments, count, rows, starts, histogram, whole }) {
      wasm.fillHistogram(n, d, bins, moments, count, rows, starts, histogram, whole ?? 0);
    },

    findHistogramSplit({ d, starts, histogram, sum, weight, penalty, minLeafWeight, monotone = 0 }) {
      const mark = arena.mark();
      const at = arena.allocateFloat64(6);
      const found = wasm.findHistogramSplit(
        d,
        starts,
        histogram,
        sum,
        weight,
        penalty,
        minLeafWeight,
        monotone,
        at,
      );
      const [gain, feature, bin, missingLeft, leftSum, leftWeight] = arena.float64(at, 6);
      arena.release(mark);
      return found === 0 ? null : { gain, feature, bin, missingLeft: missingLeft === 1, leftSum, leftWeight };
    },

    partBinnedRows({ n, bins, feature, bin, missingBin, missingLeft, count, rows }) {
      const column = bins + 4 * n * (feature >> 2) + (feature & 3);
      const mark = arena.mark();
      const scratch = arena.allocateInt32(count);
      const left = wasm.partBinnedRows(column, bin, missingBin, missingLeft ? 1 : 0, count, rows, scratch);
      arena.release(mark);
      return left;
    },

    growExactTree(args) {
      const { n, d, x } = args;
      const mark = arena.mark();
      const splitCount = wasm.growExactTree(
        n,
        d,
        x.pointer,
        8 * x.ld,
        args.sorted,
        args.hasMissing,
        args.z,
        args.weights,
        args.featuresTried,
        args.minLeafRows,
        args.maxDepth,
        args.monotone ?? 0,
        args.generator,
        args.firstSplit,
        args.firstLeaf,
        args.feature,
        args.threshold,
        args.left,
        args.right,
        args.missingLeft,
        args.value,
        args.leafOf,
        arena.allocate((exactTreeRowBytes + 4 * d) * n + 4 * d + 128),
      );
      arena.release(mark);
      return splitCount;
    },

    growExtraTree(args) {
      const { n, d, x } = args;
      const mark = arena.mark();
      const splitCount = wasm.growExtraTree(
        n,
        d,
        x.pointer,
        8 * x.ld,
        args.z,
        args.hasMissing,
        args.featuresTried,
        args.minLeafRows,
        args.minVarianceRows,
        args.generator,
        args.firstSplit,
        args.firstLeaf,
        args.feature,
        args.threshold,
        args.left,
        args.right,
        args.missingLeft,
        args.value,
        args.variance,
        arena.allocate(extraTreeRowBytes * n + extraTreeInputBytes * d + 160),
      );
      arena.release(mark);
      return splitCount;
    },
  };
}
