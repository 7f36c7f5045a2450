import type { PlainDataReader } from '../../plainDataReader.ts';
import type { Fingerprints, MoleculeSet } from './moleculeSet.ts';

/** @throws EngineError with code ARTIFACT_INVALID when the data cannot be molecules. */
export function checkMoleculeSet(reader: PlainDataReader): MoleculeSet {
  const smiles = checkSmiles(reader.field('smiles'));
  const names = reader.field('descriptorNames');
  const descriptorNames = names.list().map((one) => one.text());
  return {
    smiles,
    descriptorNames,
    descriptors: reader.field('descriptors').float64(smiles.length * descriptorNames.length),
    fingerprints: checkFingerprints(reader.field('fingerprints'), smiles.length),
  };
}

/** Distinct texts. @throws EngineError with code ARTIFACT_INVALID */
export function checkSmiles(reader: PlainDataReader): string[] {
  const smiles = reader.list().map((one) => one.text());
  if (new Set(smiles).size < smiles.length) throw reader.fail('must be distinct');
  return smiles;
}

/** @throws EngineError with code ARTIFACT_INVALID when the data cannot be the fingerprints of `count` molecules. */
export function checkFingerprints(reader: PlainDataReader, count: number): Fingerprints {
  const starts = reader.field('starts').int32(count + 1, { min: 0 });
  const total = starts.at(-1)!;
  if (starts[0] !== 0 || starts.some((start, m) => m > 0 && start < starts[m - 1]!))
    throw reader.fail('must have starts that rise from 0');
  const environments = reader.field('environments').int32(total);
  for (let m = 0; m < count; m++)
    for (let e = starts[m]! + 1; e < starts[m + 1]!; e++)
      if (!(environments[e - 1]! < environments[e]!)) throw reader.fail('must have ascending environments');
  return { starts, environments, counts: reader.field('counts').int32(total, { min: 1, max: 1e6 }) };
}
