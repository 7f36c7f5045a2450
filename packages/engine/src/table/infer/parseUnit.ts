import { microSigns, namedUnits, prefixableUnits, type Dimension } from './namedUnits.ts';

/**
 * What a unit says of its column: `amount` of an ingredient (kg/m3, wt%, phr, mmol), `process` for a setting (°C, h,
 * rpm, mL/min), `property` for a measured result (MPa, S/cm, mPa·s, mAh/g), `neutral` for anything (%, mm, mol/L).
 */
export type UnitKind = 'amount' | 'process' | 'property' | 'neutral';

export interface Unit {
  /** As a chemist writes it: `kg/m3`, `°C`, `wt%`. */
  readonly symbol: string;
  readonly kind: UnitKind;
  /** What the unit measures when it is a simple one; null for a compound one such as kg/m3. */
  readonly dimension: Dimension | null;
}

const kinds: Readonly<Record<Dimension, UnitKind>> = {
  mass: 'amount',
  volume: 'amount',
  substance: 'amount',
  share: 'amount',
  time: 'process',
  temperature: 'process',
  voltage: 'process',
  current: 'process',
  power: 'process',
  rotation: 'process',
  frequency: 'process',
  flow: 'process',
  angle: 'process',
  stress: 'property',
  viscosity: 'property',
  hardness: 'property',
  conductance: 'property',
  resistance: 'property',
  energy: 'property',
  charge: 'property',
  force: 'property',
  money: 'property',
  result: 'property',
  length: 'neutral',
  concentration: 'neutral',
  percent: 'neutral',
  one: 'neutral',
};

const named = new Map<string, readonly [symbol: string, dimension: Dimension]>();
for (const [dimension, symbol, ...spellings] of namedUnits)
  for (const spelling of [symbol, ...spellings]) named.set(spelling, [symbol, dimension]);

interface Factor {
  readonly symbol: string;
  readonly dimension: Dimension;
  readonly exponent: number;
}

/** Longer texts are no units; the limit also keeps the work per header small. */
const maxUnitLength = 40;

/**
 * Reads a unit: a simple one (`MPa`, `wt.-%`, `degC`) or a quotient or product of simple ones with exponents
 * (`kg/m3`, `S cm-1`, `W/(m·K)`, `mol L⁻¹`). Null when any part of the text is not a unit.
 */
export function parseUnit(text: string): Unit | null {
  const trimmed = text.trim().replace(/\s+/g, ' ');
  if (trimmed === '' || trimmed.length > maxUnitLength) return null;
  const simple = simpleUnit(trimmed);
  if (simple !== null)
    return { symbol: simple.symbol, kind: kinds[simple.dimension], dimension: simple.dimension };
  const factors = parseFactors(trimmed);
  if (factors === null) return null;
  return { symbol: compoundSymbol(factors), kind: compoundKind(factors), dimension: null };
}

function simpleUnit(text: string): Factor | null {
  const known = named.get(text);
  if (known !== undefined) return { symbol: known[0], dimension: known[1], exponent: 1 };
  const plain = prefixableUnits.get(text);
  if (plain !== undefined) return { symbol: shown(text), dimension: plain[0], exponent: 1 };
  const prefix = text[0]!;
  const based = prefixableUnits.get(text.slice(1));
  if (based === undefined || !based[1].includes(prefix)) return null;
  const symbol = (microSigns.includes(prefix) ? 'µ' : prefix) + shown(text.slice(1));
  return { symbol, dimension: based[0], exponent: 1 };
}

function shown(base: string): string {
  return base === 'l' ? 'L' : base;
}

const superscripts = new Map([...'⁰¹²³⁴⁵⁶⁷⁸⁹⁻'].map((character, i) => [character, '0123456789-'[i]!]));

function parseFactors(text: string): Factor[] | null {
  const plain = text
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]/g, (character) => superscripts.get(character)!)
    .replace(/[−–]/g, '-')
    .replace(/\*\*/g, '^')
    .replace(/ (?:per|in a|in one|in|pro|je) /g, '/')
    .replace(/ mixture$/, '')
    .replace(/[()]/g, '');
  const factors: Factor[] = [];
  const parts = plain.split('/');
  for (const [i, part] of parts.entries()) {
    const words = part.split(/[\s·⋅*×]+|\.(?=[A-Za-zµ])/).filter((word) => word !== '');
    if (words.length === 0 || words.length > 4) return null;
    for (const word of words) {
      if (word === '1' && i === 0) continue;
      const match = /^([^\d^+-]+)\^?([+-]?[1-4])?$/.exec(word);
      const factor = match === null ? null : simpleUnit(match[1]!);
      if (factor === null) return null;
      const exponent = match![2] === undefined ? 1 : Number(match![2]);
      factors.push({ ...factor, exponent: i === 0 ? exponent : -exponent });
    }
  }
  const [only] = factors;
  // Areas, volumes, wave numbers and rates stand alone with an exponent; S9 and K3 are names.
  if (
    factors.length === 1 &&
    only!.exponent !== 1 &&
    only!.dimension !== 'length' &&
    only!.dimension !== 'time'
  )
    return null;
  return factors.length > 0 && factors.length <= 5 ? factors : null;
}

function compoundSymbol(factors: readonly Factor[]): string {
  const write = (factor: Factor) => {
    const exponent = Math.abs(factor.exponent);
    return exponent === 1 ? factor.symbol : `${factor.symbol}${exponent}`;
  };
  const above = factors.filter((factor) => factor.exponent > 0).map(write);
  const below = factors.filter((factor) => factor.exponent < 0).map(write);
  const numerator = above.length === 0 ? '1' : above.join('·');
  if (below.length === 0) return numerator;
  return `${numerator}/${below.length === 1 ? below[0]! : `(${below.join('·')})`}`;
}

const quantities = new Set<Dimension>(['mass', 'volume', 'substance']);

function compoundKind(factors: readonly Factor[]): UnitKind {
  const [first] = factors;
  const isVolume = (factor: Factor) =>
    factor.dimension === 'volume' || (factor.dimension === 'length' && Math.abs(factor.exponent) === 3);
  if (factors.length === 1)
    return isVolume(first!) ? 'amount' : first!.dimension === 'time' ? 'property' : kinds[first!.dimension];
  const [above, below] = [
    factors.filter((one) => one.exponent > 0),
    factors.filter((one) => one.exponent < 0),
  ];
  if (above.length === 1 && below.length === 1) {
    const [top, bottom] = [above[0]!, below[0]!];
    const isQuantity = quantities.has(top.dimension) || isVolume(top);
    // kg/m3 of a mix, g/L of a bath, oz/cwt, g/kg: so much of one thing in another.
    if (isQuantity && (isVolume(bottom) || bottom.dimension === 'mass'))
      return top.dimension === 'substance' ? 'neutral' : 'amount';
    // mL/min, °C/min, mm/s, kg/h: a setting of the process.
    if (bottom.dimension === 'time' && bottom.exponent === -1) return 'process';
    // A current density or a coating weight may be set or measured.
    if ((top.dimension === 'current' || top.dimension === 'mass') && bottom.dimension === 'length')
      return 'neutral';
  }
  return 'property';
}
