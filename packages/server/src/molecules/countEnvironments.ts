import type { MoleculeGraph } from './moleculeGraph.ts';

/** How often each atom environment occurs. */
export interface EnvironmentCounts {
  /** RDKit's 32-bit identifiers, ascending as signed integers. */
  readonly environments: Int32Array;
  readonly counts: Int32Array;
}

/** Bonds from the central atom to the edge of the largest environment. */
const radius = 2;

/**
 * Circular environments of all atoms up to two bonds around them (Morgan 1965; Rogers & Hahn 2010), unfolded and
 * counted, with the invariants, hashes and removal of duplicates of RDKit's Morgan fingerprint: folded to bits they
 * are the bits that RDKit sets, which its WebAssembly build gives without the counts.
 *
 * An environment that covers the same bonds as an earlier one is not counted again, and its atom grows no further.
 */
export function countEnvironments({ atoms, bonds }: MoleculeGraph): EnvironmentCounts {
  const bondsOf: number[][] = atoms.map(() => []);
  bonds.forEach(({ atoms: ends }, b) => ends.forEach((atom) => bondsOf[atom]!.push(b)));

  const totals = new Map<number, number>();
  const count = (identifier: number): void => {
    totals.set(identifier, (totals.get(identifier) ?? 0) + 1);
  };
  let invariants = atoms.map((atom, i) => {
    const { atomicNumber, charge, hydrogenCount, isInRing } = atom;
    // The last number of RDKit's is how much heavier an isotope is; here isotopes count as their element.
    const parts = [atomicNumber, bondsOf[i]!.length + hydrogenCount, hydrogenCount, charge, 0];
    return hashAll(isInRing ? [...parts, 1] : parts);
  });
  invariants.forEach(count);

  const known = new Set<string>();
  const isDone = atoms.map((_, i) => bondsOf[i]!.length === 0);
  let covered = atoms.map(() => new Set<number>());
  for (let layer = 0; layer < radius; layer++) {
    const next = Array.from(atoms, () => 0);
    const nextCovered = covered.map((set) => new Set(set));
    const found: { atom: number; identifier: number; key: string }[] = [];
    atoms.forEach((_, atom) => {
      if (isDone[atom]!) return;
      const around = bondsOf[atom]!.map((b) => {
        const { atoms: ends, kind } = bonds[b]!;
        const other = ends[0] === atom ? ends[1] : ends[0];
        nextCovered[atom]!.add(b);
        for (const one of covered[other]!) nextCovered[atom]!.add(one);
        return { kind, invariant: invariants[other]! };
      });
      around.sort((a, b) => a.kind - b.kind || a.invariant - b.invariant);
      let identifier = combine(layer, invariants[atom]!);
      for (const { kind, invariant } of around) identifier = combine(identifier, hashAll([kind, invariant]));
      next[atom] = identifier;
      const key = [...nextCovered[atom]!].sort((a, b) => a - b).join(' ');
      found.push({ atom, identifier, key });
    });
    // Of several atoms with the same bonds the one with the smallest identifier speaks for all.
    found.sort((a, b) => a.identifier - b.identifier || a.atom - b.atom);
    for (const { atom, identifier, key } of found) {
      if (known.has(key)) {
        isDone[atom] = true;
      } else {
        known.add(key);
        count(identifier);
      }
    }
    invariants = next;
    covered = nextCovered;
  }

  const entries = [...totals].map(([identifier, times]) => [identifier | 0, times] as const);
  entries.sort(([a], [b]) => a - b);
  return {
    environments: Int32Array.from(entries, ([identifier]) => identifier),
    counts: Int32Array.from(entries, ([, times]) => times),
  };
}

/** Boost's hash_combine in 32 bits. */
function combine(seed: number, value: number): number {
  return (seed ^ (value + 0x9e3779b9 + (seed << 6) + (seed >>> 2))) >>> 0;
}

/** Boost's hash of a sequence. */
function hashAll(values: readonly number[]): number {
  return values.reduce((seed, value) => combine(seed, value >>> 0), 0);
}
