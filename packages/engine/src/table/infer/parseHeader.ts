import { parseUnit, type Unit } from './parseUnit.ts';

/** A header taken apart. */
export interface HeaderParts {
  /** Without the unit, underscores as blanks: what a chart shows. */
  readonly name: string;
  readonly unit: Unit | null;
  /** Words of the name in lower case, umlauts spelt out, for the vocabulary. */
  readonly words: readonly string[];
}

/**
 * Finds the unit in a header: `Cement (kg/m3)`, `Temperature [°C]`, `Strength, MPa`, `x / mm`, `Temperatur in °C`,
 * `wt% PVA`, `Cement %`, `cement_kg_m3`, `yield_pct`. A short symbol without brackets counts as a unit only if
 * the name allows it: the C of `cure_temperature_C` is a unit, the C of `component_C` is not.
 */
export function parseHeader(header: string): HeaderParts {
  const found = bracketUnit(header) ?? edgeUnit(header) ?? snakeUnit(header);
  const name = tidyName(found?.name ?? header) || header;
  return { name, unit: found?.unit ?? null, words: headerWords(name) };
}

interface Found {
  readonly name: string;
  /** Null for brackets that say there is no unit: `pH (-)`. */
  readonly unit: Unit | null;
}

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The last pair of brackets that holds a unit. */
function bracketUnit(header: string): Found | null {
  for (let end = header.length - 1; end > 0; end--) {
    const closer = header[end]!;
    if (closer !== ')' && closer !== ']' && closer !== '}') continue;
    let depth = 0;
    let start = end;
    for (; start >= 0; start--) {
      if (header[start] === closer) depth++;
      else if (closers[header[start]!] === closer && --depth === 0) break;
    }
    if (start < 0) continue;
    const content = header.slice(start + 1, end).trim();
    const name = `${header.slice(0, start).trimEnd()} ${header.slice(end + 1).trimStart()}`.trim();
    if (tidyName(name) === '') return null;
    if (content === '-' || content === '–' || content === '') return { name, unit: null };
    // `MPa, megapascals`, `in MPa`, `unit: MPa`
    const unit =
      parseUnit(content) ??
      parseUnit(content.split(/[,;]/, 1)[0]!) ??
      parseUnit(content.replace(/^(?:in|unit|units|einheit)\s*:?\s+/i, ''));
    if (unit !== null) return { name, unit };
    end = start;
  }
  return null;
}

/** A unit as the last or first words: `Strength, MPa`, `x / mm`, `T/K`, `wt% PVA`, `Temp°C`. */
function edgeUnit(header: string): Found | null {
  const words = header.trim().split(/\s+/);
  for (let count = Math.min(3, words.length - 1); count >= 1; count--) {
    const name = words.slice(0, -count).join(' ');
    const tail = words.slice(-count).join(' ');
    const unit = parseUnit(tail);
    // Words side by side are a product of units only by accident: "Solvent A %", "in °C".
    const isAccident =
      count > 1 &&
      unit?.dimension === null &&
      (words.at(-count) === 'in' || !/\/|[-−⁻]\s?[\d¹²³]| per /.test(tail));
    if (unit !== null && !isAccident && isPlausible(tail, name)) return { name, unit };
  }
  for (let count = Math.min(2, words.length - 1); count >= 1; count--) {
    const unit = parseUnit(words.slice(0, count).join(' '));
    if (
      unit !== null &&
      (unit.dimension === 'percent' || unit.dimension === 'share') &&
      words[0]!.includes('%')
    )
      return { name: words.slice(count).join(' '), unit };
  }
  const slash = header.indexOf('/');
  if (slash > 0) {
    const unit = parseUnit(header.slice(slash + 1));
    if (unit !== null && isPlausible(header.slice(slash + 1).trim(), header.slice(0, slash)))
      return { name: header.slice(0, slash), unit };
  }
  const glued = /^(.*?[^\s_.-])[\s_.-]*((?:wt|mol|vol|at|w)?[\s_.-]*%|°\s?[CF])$/i.exec(header);
  const unit = glued === null ? null : parseUnit(glued[2]!.replace(/_/g, ''));
  return unit === null ? null : { name: glued![1]!, unit };
}

/** A unit as the last parts of a name in snake case: `cement_kg_m3`, `S_cm`, `wt_pct`, also in lower case throughout. */
function snakeUnit(header: string): Found | null {
  const parts = header.trim().split('_');
  for (let count = Math.min(4, parts.length - 1); count >= 1; count--) {
    const tail = parts.slice(-count);
    if (tail.includes('')) continue;
    const name = parts.slice(0, -count).join('_');
    if (tidyName(name) === '') continue;
    const unit = count === 1 ? simpleTail(tail[0]!, name) : compoundTail(tail);
    if (unit !== null) return { name, unit };
  }
  return null;
}

function simpleTail(part: string, name: string): Unit | null {
  const unit = parseUnit(part) ?? parseUnit(restoreCase(part));
  return unit !== null && isPlausible(part, name) ? unit : null;
}

/** What may stand below the line when the line itself is lost: `per` something, with an exponent at most 3. */
const denominator =
  /^(?:[munkcd]?m[23]?|min|[mu]?s|h|[mk]?g|[muµ]?[Ll]|[mk]?mol|cwt|[KCkc]|mK|A|cm2|V|kWh|d|day)$/;
/** One letter above the line is a unit only if it measures something that is often divided. */
const numerator = /^(?:[gmAWJNSVFLK]|.{2,})$/;

/** `kg_m3`, `mol_l`, `W_m_K`, `wt_pct`, `kg_per_m3`: a named unit of several words, or a quotient. */
function compoundTail(tail: readonly string[]): Unit | null {
  const named = parseUnit(tail.join(' '));
  if (named !== null && (named.dimension !== null || tail.includes('per'))) return named;
  const [top, ...below] = tail as [string, ...string[]];
  const isRate = below.length === 1 && /^(?:min|s|h)$/.test(below[0]!);
  if (!below.every((part) => denominator.test(part))) return null;
  if (!(numerator.test(top) || (isRate && top === 'C')) || /\d$/.test(top)) return null;
  return parseUnit(tail.join('/')) ?? parseUnit(tail.map(restoreCase).join('/'));
}

/** Units that lose their capitals in headers that have none. */
const capitals = new Map(
  'MPa GPa kPa Pa K C V mV kV A mA J kJ mJ N kN mN W kW mW Hz kHz MHz eV meV S mS HV L mL µL Wh mAh Ah cP dB GU HRC'
    .split(' ')
    .map((unit) => [unit.toLowerCase(), unit]),
);

function restoreCase(part: string): string {
  return capitals.get(part) ?? part;
}

const temperatureWords =
  /temp|(^|[ _])t[gmcd]?\d*$|point|anneal|sinter|cur(e|ing)|bake|calcin|oven|bath|melt|mou?ld|glass|onset|zone|dsc|hdt|react|heat|extru|barrel|nozzle|bed$|dry|cool|quench|solvus|liquidus|solidus|austenit|ag(e|ing)|ofen|therm/i;
const timeWords =
  /time|age|dura|dwell|life|cur(e|ing)|hold|mix|stir|react|anneal|sinter|soak|residence|exposure|decay|aging|rate|spin|dip|sonic|mill|dry|tau|zeit|dauer|alter|speed|flow|delay|wait|step/i;
/** A lower-case t is a time, the capital a temperature. */
const timeSymbol = /(^|[ _])t\d*$/;
const lengthWords =
  /length|height|depth|width|thick|diam|distance|gap|size|slump|spread|flow|radius|path|wavelength|(^|[ _])[rdhlwxyz]\d*$|l(ä|ae)nge|h(ö|oe)he|breite|dicke|abstand/i;

/** What the name must speak of before a short or ambiguous symbol outside brackets is taken as a unit; null for never. */
const contexts: ReadonlyMap<string, RegExp | null> = new Map(
  (
    [
      ['C K c k', temperatureWords],
      ['F', /temp|capacit/i],
      ['s h d min day days hour hours minutes seconds weeks months years', timeWords],
      ['m in ft mil', lengthWords],
      ['V v', /volt|potential|bias|window|[vo]oc|ocv|emf|spannung/i],
      ['A a', /current|ampere|strom/i],
      ['J j', /energy|tough|work|impact|enthalpy|charpy|izod|heat|arbeit|energie/i],
      ['N n', /force|load|peel|kraft|last/i],
      ['W w', /power|leistung|watt/i],
      ['S', /conduct/i],
      ['T', /field|magnet|induction|remanence|saturation/i],
      ['L l', /vol|tank|batch/i],
      [
        'M',
        /conc|molar|solution|buffer|salt|acid|base|nitrate|chloride|hydroxide|sulfate|precursor|[A-Z][a-z]?\d|NaCl|KCl|HCl|NaOH|KOH/,
      ],
      ['g', /^(?!.*(phase|group|type|vitamin|factor|series|grade|class)$)/i],
      ['wt', /^[A-Z][a-z]?\d*$/],
      // Words that are rather part of the name, and letters that are rather a label.
      ['t P St GT part parts pts eq cycle cycles drop drops cd lm au ang rad gm ton tons', null],
      ['Mol mole Day Days Vickers Brinell', null],
    ] satisfies [string, RegExp | null][]
  ).flatMap(([symbols, context]) =>
    symbols.split(' ').map((symbol): [string, RegExp | null] => [symbol, context]),
  ),
);

function isPlausible(symbol: string, name: string): boolean {
  if (!contexts.has(symbol)) return true;
  const context = contexts.get(symbol);
  const bare = name.trim().replace(/[,;:/-]+$/, '');
  if (context === timeWords && timeSymbol.test(bare)) return true;
  return context?.test(bare) ?? false;
}

/** Removes what is left of the way the unit was written. */
function tidyName(name: string): string {
  return name
    .replace(/_/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s,;:/.-]+|(?:[\s,;:/.-]|\s(?:in|im))+$/g, '')
    .trim();
}

const folds: readonly [RegExp, string][] = [
  [/ä/g, 'ae'],
  [/ö/g, 'oe'],
  [/ü/g, 'ue'],
  [/ß/g, 'ss'],
];

/** Words of a text in lower case: split at anything that is no letter or digit, at camel humps and around numbers. */
export function headerWords(text: string): string[] {
  let plain = text
    .replace(/([a-zäöü])([A-ZÄÖÜ])/g, '$1 $2')
    .replace(/([A-Za-z])(?=\d)|(\d)(?=[A-Za-z])/g, '$1$2 ');
  plain = plain.toLowerCase();
  for (const [letter, spelling] of folds) plain = plain.replace(letter, spelling);
  return plain.split(/[^\p{L}\p{N}%]+/u).filter((word) => word !== '');
}
