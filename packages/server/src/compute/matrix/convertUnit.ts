/** value [base] = value × factor + offset; units of one dimension convert into each other. */
interface UnitScale {
  readonly dimension: string;
  readonly factor: number;
  readonly offset: number;
}

/** Units that tables of formulations use, by dimension, each with its factor to the first of them. */
const scales: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  mass: { kg: 1, g: 1e-3, mg: 1e-6, µg: 1e-9, t: 1e3, lb: 0.45359237, oz: 0.028349523125 },
  volume: { L: 1, mL: 1e-3, µL: 1e-6, m3: 1e3, cm3: 1e-3 },
  length: { m: 1, mm: 1e-3, µm: 1e-6, nm: 1e-9, cm: 1e-2, in: 0.0254 },
  time: { s: 1, ms: 1e-3, min: 60, h: 3600, d: 86_400 },
  pressure: { Pa: 1, kPa: 1e3, MPa: 1e6, GPa: 1e9, bar: 1e5, mbar: 100, psi: 6894.757293168, atm: 101_325 },
  viscosity: { 'Pa.s': 1, 'mPa.s': 1e-3, cP: 1e-3, P: 0.1 },
  energy: { J: 1, kJ: 1e3, MJ: 1e6, cal: 4.184, kcal: 4184, Wh: 3600, kWh: 3.6e6 },
  concentration: { 'kg/m3': 1, 'g/L': 1, 'g/cm3': 1e3, 'g/mL': 1e3, 'mg/L': 1e-3, 'mg/mL': 1 },
  amount: { mol: 1, mmol: 1e-3, µmol: 1e-6 },
  fraction: { '%': 0.01, 'wt%': 0.01, ppm: 1e-6, ppb: 1e-9 },
  rotation: { rpm: 1, '1/min': 1, '1/s': 60, Hz: 60 },
};

/** Spellings of the same unit. */
const spellings: Readonly<Record<string, string>> = {
  l: 'L',
  ml: 'mL',
  ul: 'µL',
  ug: 'µg',
  um: 'µm',
  hr: 'h',
  hours: 'h',
  days: 'd',
  day: 'd',
  sec: 's',
  'kg/m^3': 'kg/m3',
  'kg/m³': 'kg/m3',
  'g/cm^3': 'g/cm3',
  'g/cm³': 'g/cm3',
  'm³': 'm3',
  'cm³': 'cm3',
  'wt.%': 'wt%',
  Pa·s: 'Pa.s',
  'Pa s': 'Pa.s',
  mPa·s: 'mPa.s',
  'mPa s': 'mPa.s',
  '°c': 'C',
  '°C': 'C',
  degC: 'C',
  '°F': 'F',
  degF: 'F',
};

function scaleOf(unit: string): UnitScale | null {
  // One sign for micro: the Greek letter becomes the sign.
  const plain = unit.trim().replace(/\u03bc/g, '\u00b5');
  const name = spellings[plain] ?? plain;
  if (name === 'K') return { dimension: 'temperature', factor: 1, offset: 0 };
  if (name === 'C') return { dimension: 'temperature', factor: 1, offset: 273.15 };
  if (name === 'F') return { dimension: 'temperature', factor: 5 / 9, offset: 273.15 - (32 * 5) / 9 };
  for (const [dimension, units] of Object.entries(scales)) {
    const factor = Object.hasOwn(units, name) ? units[name] : undefined;
    if (factor !== undefined) return { dimension, factor, offset: 0 };
  }
  return null;
}

/**
 * How values in unit `from` become values in unit `to`.
 * @returns null when nobody knows: an unknown unit, or units of different dimensions
 */
export function convertUnit(from: string, to: string): ((value: number) => number) | null {
  if (from === to) return (value) => value;
  const source = scaleOf(from);
  const target = scaleOf(to);
  if (source === null || target === null || source.dimension !== target.dimension) return null;
  if (source.factor === target.factor && source.offset === target.offset) return (value) => value;
  const ratio = source.factor / target.factor;
  const shift = (source.offset - target.offset) / target.factor;
  return (value) => value * ratio + shift;
}
