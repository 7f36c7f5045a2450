import type { Molecule } from './molecule.ts';

/** Counted atom environments of molecules, one after the other: plain data. */
export type Fingerprints = {
  /** Where those of each molecule start, and the end [count + 1]. */
  readonly starts: Int32Array;
  /** Ascending and distinct within a molecule. */
  readonly environments: Int32Array;
  readonly counts: Int32Array;
};

/** Molecules in an order that their users know: plain data. */
export type MoleculeSet = {
  /** Canonical, distinct [count]. */
  readonly smiles: readonly string[];
  readonly descriptorNames: readonly string[];
  /** Molecule by molecule [count * p]. */
  readonly descriptors: Float64Array;
  readonly fingerprints: Fingerprints;
};

/** Those of no molecules. */
export const noFingerprints: Fingerprints = {
  starts: new Int32Array(1),
  environments: new Int32Array(0),
  counts: new Int32Array(0),
};

/** The fingerprints with those of more molecules behind them. */
export function appendMolecules(
  { starts, environments, counts }: Fingerprints,
  molecules: readonly Molecule[],
): Fingerprints {
  const ends = [...starts];
  for (const molecule of molecules) ends.push(ends.at(-1)! + molecule.environments.length);
  const appended: Fingerprints = {
    starts: Int32Array.from(ends),
    environments: new Int32Array(ends.at(-1)!),
    counts: new Int32Array(ends.at(-1)!),
  };
  appended.environments.set(environments);
  appended.counts.set(counts);
  molecules.forEach((molecule, m) => {
    appended.environments.set(molecule.environments, ends[starts.length - 1 + m]);
    appended.counts.set(molecule.counts, ends[starts.length - 1 + m]);
  });
  return appended;
}

/** Puts molecules together, in their order. */
export function packMolecules(
  descriptorNames: readonly string[],
  molecules: readonly Molecule[],
): MoleculeSet {
  const descriptors = new Float64Array(molecules.length * descriptorNames.length);
  molecules.forEach((molecule, m) => descriptors.set(molecule.descriptors, m * descriptorNames.length));
  return {
    smiles: molecules.map(({ smiles }) => smiles),
    descriptorNames,
    descriptors,
    fingerprints: appendMolecules(noFingerprints, molecules),
  };
}

/** One molecule of a set. */
export function moleculeOf(
  { smiles, descriptorNames, descriptors, fingerprints }: MoleculeSet,
  m: number,
): Molecule {
  const { starts, environments, counts } = fingerprints;
  const p = descriptorNames.length;
  return {
    smiles: smiles[m]!,
    descriptors: descriptors.subarray(m * p, (m + 1) * p),
    environments: environments.subarray(starts[m], starts[m + 1]),
    counts: counts.subarray(starts[m], starts[m + 1]),
  };
}

/** The molecules at `indices`, in that order. */
export function takeMolecules(set: MoleculeSet, indices: ArrayLike<number>): MoleculeSet {
  return packMolecules(
    set.descriptorNames,
    Array.from(indices, (m) => moleculeOf(set, m)),
  );
}
