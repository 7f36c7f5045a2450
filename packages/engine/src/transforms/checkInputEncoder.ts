import type { PlainDataReader } from '../plainDataReader.ts';
import type { InputEncoder } from './inputEncoder.ts';
import type { InputEncoding, MolecularEncoding } from './inputEncoding.ts';

/** @throws EngineError with code ARTIFACT_INVALID when the data cannot be an encoder. */
export function checkInputEncoder(reader: PlainDataReader): InputEncoder {
  const inputs = reader
    .field('inputs')
    .list()
    .map((one): InputEncoding => {
      const key = one.field('key').text();
      const kind = one.field('kind').oneOf(['numeric', 'categorical', 'molecular', 'total']);
      if (kind === 'molecular') return checkMolecular(one, key);
      if (kind === 'numeric' || kind === 'total') {
        const fill = one.field('fill');
        const number = {
          key,
          isLog: one.field('isLog').boolean(),
          isRoot: one.field('isRoot').boolean(),
          magnitude: one.field('magnitude').number({ min: Number.MIN_VALUE }),
          lower: one.field('lower').number(),
          width: one.field('width').number({ min: Number.MIN_VALUE }),
          hasValue: one.field('hasValue').boolean(),
          fill: fill.isNull() ? null : fill.number(),
          hasIndicator: one.field('hasIndicator').boolean(),
        };
        if (kind === 'numeric') return { kind, ...number };
        const amounts = one.field('amounts').list();
        return { kind, ...number, amounts: amounts.map((amount) => amount.text()) };
      }
      const levels = one.field('levels');
      const texts = levels.list().map((level) => (level.isNull() ? null : level.text()));
      if (texts.length === 0) throw levels.fail('must name a level');
      if (new Set(texts).size < texts.length) throw levels.fail('must be distinct');
      const isOrdered = one.field('isOrdered').boolean();
      if (isOrdered && (texts.length < 3 || texts.includes(null)))
        throw levels.fail('must be at least 3 texts where they are ordered');
      const fill = one.field('fill');
      return {
        kind: 'categorical',
        key,
        levels: texts,
        isOrdered,
        fill: fill.isNull() ? null : fill.number({ min: 0, max: texts.length - 1, integer: true }),
      };
    });
  for (let i = 1; i < inputs.length; i++)
    if (!(inputs[i - 1]!.key < inputs[i]!.key)) throw reader.fail('must have distinct inputs sorted by key');
  return { inputs };
}

function checkMolecular(reader: PlainDataReader, key: string): MolecularEncoding {
  const descriptorNames = reader
    .field('descriptorNames')
    .list()
    .map((one) => one.text());
  const used = reader.field('used').int32(undefined, { min: 0, max: descriptorNames.length - 1 });
  return {
    kind: 'molecular',
    key,
    descriptorNames,
    used,
    isLog: reader.field('isLog').int32(used.length, { min: 0, max: 1 }),
    centres: reader.field('centres').float64(used.length),
    spreads: reader.field('spreads').float64(used.length, { min: Number.MIN_VALUE }),
    isImputed: reader.field('isImputed').boolean(),
    hasIndicator: reader.field('hasIndicator').boolean(),
  };
}
