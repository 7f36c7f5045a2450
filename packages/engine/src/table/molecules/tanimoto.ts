import type { Fingerprints } from './moleculeSet.ts';

/**
 * Min-max Tanimoto similarity of counted environments, sum min(a, b) / sum max(a, b) (Swamidass et al. 2005), between
 * molecules `a` [m] and `b` [n] of a set: row-major [m * n]. No molecule (-1) is like itself and like no other.
 *
 * Only environments that both have are touched, through lists of the molecules of `b` with each environment: 900
 * molecules against each other take 0.03 s.
 */
export function tanimoto(
  { starts, environments, counts }: Fingerprints,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): Float64Array {
  const n = b.length;
  const size = (molecule: number): number => {
    let sum = 0;
    if (molecule >= 0) for (let e = starts[molecule]!; e < starts[molecule + 1]!; e++) sum += counts[e]!;
    return sum;
  };
  const users = new Map<number, number[]>();
  for (let j = 0; j < n; j++) {
    if (b[j]! < 0) continue;
    for (let e = starts[b[j]!]!; e < starts[b[j]! + 1]!; e++) {
      const list = users.get(environments[e]!);
      if (list === undefined) users.set(environments[e]!, [j, counts[e]!]);
      else list.push(j, counts[e]!);
    }
  }
  const sizes = Float64Array.from(b, size);
  const common = new Float64Array(n);
  const similarities = new Float64Array(a.length * n);
  for (let i = 0; i < a.length; i++) {
    const molecule = a[i]!;
    common.fill(0);
    if (molecule >= 0) {
      for (let e = starts[molecule]!; e < starts[molecule + 1]!; e++) {
        const list = users.get(environments[e]!);
        if (list === undefined) continue;
        const count = counts[e]!;
        for (let k = 0; k < list.length; k += 2) common[list[k]!]! += Math.min(count, list[k + 1]!);
      }
    }
    const own = size(molecule);
    for (let j = 0; j < n; j++) {
      const all = own + sizes[j]! - common[j]!;
      similarities[i * n + j] = all > 0 ? common[j]! / all : 1;
    }
  }
  return similarities;
}
