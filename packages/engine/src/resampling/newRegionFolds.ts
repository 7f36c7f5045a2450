import { createMatrix, type Matrix } from '../linalg/matrix.ts';
import type { Generator } from '../random/generator.ts';
import type { Folds } from './folds.ts';
import { clusterRows } from './clusterRows.ts';

/** Number of regions; fewer when there are fewer groups. */
const regionCount = 5;

/**
 * Folds for the question "how good where nothing was measured?": groups are clustered by the means of their encoded
 * inputs X [n, d] and each cluster is held out in turn (leave-one-cluster-out, B. Meredig et al., Mol. Syst. Des.
 * Eng. 3, 2018, 819).
 */
export function newRegionFolds(
  X: Matrix,
  groups: Int32Array,
  groupCount: number,
  generator: Generator,
): Folds {
  const clusters = clusterRows(
    meansOfGroups(X, groups, groupCount),
    Math.min(regionCount, groupCount),
    generator,
  );
  return {
    foldCount: 1 + Math.max(...clusters),
    repeats: [groups.map((group) => clusters[group]!)],
  };
}

function meansOfGroups(X: Matrix, groups: Int32Array, groupCount: number): Matrix {
  const means = createMatrix(groupCount, X.columnCount);
  const counts = new Int32Array(groupCount);
  for (const group of groups) counts[group]!++;
  for (let j = 0; j < X.columnCount; j++)
    for (let i = 0; i < groups.length; i++)
      means.values[j * means.stride + groups[i]!]! += X.values[j * X.stride + i]! / counts[groups[i]!]!;
  return means;
}
