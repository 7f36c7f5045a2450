import type { PlainDataReader } from '../../plainDataReader.ts';
import type { Forest } from './forest.ts';

/**
 * @param columnCount d, of the matrices the forest will see.
 * @param hasVariance whether its leaves must have variances, or must not.
 * @throws EngineError with code ARTIFACT_INVALID unless every walk from a root ends in a leaf.
 */
export function checkForest(reader: PlainDataReader, columnCount: number, hasVariance: boolean): Forest {
  const feature = reader.field('feature').int32(undefined, { min: 0, max: columnCount - 1 });
  const splitCount = feature.length;
  const leafValue = reader.field('leafValue').float64();
  const leafVariance = reader.field('leafVariance');
  const references = { min: -leafValue.length, max: splitCount - 1 };
  const forest: Forest = {
    roots: reader.field('roots').int32(undefined, references),
    feature,
    threshold: reader.field('threshold').float64(splitCount),
    left: reader.field('left').int32(splitCount, references),
    right: reader.field('right').int32(splitCount, references),
    missingLeft: reader.field('missingLeft').uint8(splitCount, { max: 1 }),
    leafValue,
    leafVariance: hasVariance ? leafVariance.float64(leafValue.length, { min: 0 }) : null,
  };
  if (!hasVariance && !leafVariance.isNull()) throw leafVariance.fail('must be null');
  // Children after parents means that no walk turns in a circle; every split and leaf in one place, that none is lost.
  for (const children of [forest.left, forest.right])
    children.forEach((child, node) => {
      if (child >= 0 && child <= node) throw reader.fail(`must have children after their split, see ${node}`);
    });
  const uses = new Uint8Array(splitCount + leafValue.length);
  for (const references of [forest.roots, forest.left, forest.right])
    for (const reference of references) {
      const place = reference >= 0 ? reference : splitCount + ~reference;
      if (uses[place] === 1) throw reader.fail('must have every split and leaf in one tree only');
      uses[place] = 1;
    }
  if (uses.length === 0 || uses.includes(0))
    throw reader.fail('must have trees that use every split and leaf');
  checkOrder(reader, forest);
  return forest;
}

/** The splits of a tree must lie together, the trees in order: the routine that walks them counts on it. */
function checkOrder(reader: PlainDataReader, { roots, left, right }: Forest): void {
  const tops = roots.filter((root) => root >= 0);
  tops.forEach((top, t) => {
    const end = tops[t + 1] ?? left.length;
    if (end <= top) throw reader.fail('must have its trees in order');
    for (let node = top; node < end; node++)
      if (left[node]! >= end || right[node]! >= end)
        throw reader.fail(`must have the splits of a tree together, see ${node}`);
  });
}
