// What the module exports. Leading dimensions and the distances between rows are in bytes.
export { covariance } from './covariance';
export { covarianceGradient } from './covarianceGradient';
export { growExactTree } from './exactTree';
export { exp } from './exp';
export { growExtraTree } from './extraTree';
export { fillHistogram, findHistogramSplit, partBinnedRows } from './histogram';
export { storeInverse, subtractExplained } from './explained';
export { addScaledRowSquares, columnDots, subtractColumnSquares } from './posterior';
export { potrf } from './potrf';
export { potri } from './potri';
export { packRows, product } from './product';
export { solveLeft, solveLeftTransposed, solveRight, solveRightTransposed } from './trsm';
export { predictBinnedForest, predictForest, selectForest } from './forest';

/** The first byte of the memory that the module does not use itself. */
export function heapBase(): usize {
  return __heap_base;
}
