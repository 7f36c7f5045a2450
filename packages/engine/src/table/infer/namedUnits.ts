/** What a unit measures. */
export type Dimension =
  | 'mass'
  | 'length'
  | 'volume'
  | 'time'
  | 'temperature'
  | 'substance'
  | 'concentration'
  | 'stress'
  | 'energy'
  | 'power'
  | 'voltage'
  | 'current'
  | 'charge'
  | 'resistance'
  | 'conductance'
  | 'frequency'
  | 'rotation'
  | 'flow'
  | 'force'
  | 'viscosity'
  | 'angle'
  | 'percent'
  /** Of a recipe: wt%, phr, equivalents. */
  | 'share'
  | 'hardness'
  | 'money'
  /** Of a measurement of some other kind: dB, gloss units, cycles. */
  | 'result'
  /** Nothing: arbitrary units. */
  | 'one';

/**
 * Units that take SI prefixes: what they measure, and the prefixes they are used with in a laboratory. The others are
 * left out on purpose: `Mg` and `Tm` are elements, `MS` is a method.
 */
export const prefixableUnits: ReadonlyMap<string, readonly [Dimension, prefixes: string]> = new Map<
  string,
  readonly [Dimension, string]
>([
  ['g', ['mass', 'pnuµμmk']],
  ['m', ['length', 'fpnuµμmcdk']],
  ['L', ['volume', 'nuµμmcdh']],
  ['l', ['volume', 'nuµμmcdh']],
  ['s', ['time', 'fpnuµμm']],
  ['mol', ['substance', 'nuµμmk']],
  ['M', ['concentration', 'nuµμm']],
  ['Pa', ['stress', 'nuµμmhkMG']],
  ['bar', ['stress', 'umk']],
  ['J', ['energy', 'nuµμmkMG']],
  ['eV', ['energy', 'mkM']],
  ['cal', ['energy', 'k']],
  ['Wh', ['energy', 'umk']],
  ['W', ['power', 'nuµμmkM']],
  ['V', ['voltage', 'nuµμmkM']],
  ['A', ['current', 'pnuµμmk']],
  ['Ah', ['charge', 'uµμm']],
  ['N', ['force', 'nuµμmkM']],
  ['S', ['conductance', 'nuµμmk']],
  ['Hz', ['frequency', 'kMGT']],
  ['K', ['temperature', 'm']],
  ['Ω', ['resistance', 'uµμmkMG']],
  ['ohm', ['resistance', 'uµμmkMG']],
  ['Ohm', ['resistance', 'uµμmkMG']],
  ['F', ['result', 'pnuµμm']],
  ['T', ['result', 'uµμm']],
  ['P', ['viscosity', 'cm']],
  ['St', ['viscosity', 'c']],
  ['Da', ['result', 'kM']],
  ['emu', ['result', 'm']],
  ['lx', ['result', 'k']],
]);

/** The way we write an SI prefix. */
export const microSigns = 'uµμ';
/** Units with a name of their own: what they measure, how we write them, and other spellings, English and German. */
export const namedUnits: readonly (readonly [Dimension, symbol: string, ...spellings: string[]])[] = [
  ['time', 's', 'sec', 'secs', 'second', 'seconds', 'Sek', 'Sekunden'],
  ['time', 'min', 'mins', 'minute', 'minutes', 'Minuten'],
  ['time', 'h', 'hr', 'hrs', 'hour', 'hours', 'Std', 'Std.', 'Stunde', 'Stunden'],
  ['time', 'd', 'day', 'days', 'Day', 'Days', 'Tag', 'Tage', 'Tagen'],
  ['time', 'weeks', 'week', 'wk', 'wks', 'Woche', 'Wochen'],
  ['time', 'months', 'month', 'Monat', 'Monate'],
  ['time', 'years', 'year', 'yr', 'yrs', 'Jahr', 'Jahre'],
  ['temperature', '°C', 'ºC', '℃', 'degC', 'deg C', 'degrees C', 'oC', 'C', 'Celsius', 'celsius', 'Grad C'],
  ['temperature', '°F', 'ºF', '℉', 'degF', 'deg F', 'Fahrenheit', 'fahrenheit'],
  ['temperature', 'K', 'Kelvin', 'kelvin'],
  ['percent', '%', 'pct', 'perc', 'percent', 'Percent', 'Prozent'],
  ['percent', '‰'],
  [
    'share',
    'wt%',
    'wt',
    'wt.%',
    'wt.-%',
    'wt-%',
    'wt %',
    'wt. %',
    'wtpct',
    'wt pct',
    '%wt',
    '% wt',
    'wtperc',
  ],
  ['share', 'wt%', '%w/w', '% w/w', 'w/w%', 'w/w %', '%(w/w)', '% (w/w)', 'm/m%', 'M%', 'weight percent'],
  [
    'share',
    'wt%',
    'mass%',
    'mass %',
    'mass-%',
    'weight%',
    'weight %',
    'w%',
    'Gew.-%',
    'Gew.%',
    'Gew%',
    'Ma.-%',
    'Ma%',
  ],
  ['share', 'w/v%', '%w/v', '% w/v', 'w/v %', '% (w/v)', '%(w/v)'],
  [
    'share',
    'vol%',
    'vol.%',
    'vol.-%',
    'vol-%',
    'vol %',
    'vol. %',
    'volpct',
    'vol pct',
    '%v/v',
    '% v/v',
    'v/v%',
    'v%',
  ],
  ['share', 'vol%', 'Vol.-%', 'Vol.%', 'Vol%', 'Vol-%', '% (v/v)', '%(v/v)'],
  [
    'share',
    'mol%',
    'mol.%',
    'mol.-%',
    'mol-%',
    'mol %',
    'mol. %',
    'molpct',
    'mol pct',
    'mole%',
    'mole %',
    '%mol',
    'Mol-%',
  ],
  [
    'share',
    'at%',
    'at.%',
    'at.-%',
    'at-%',
    'at %',
    'at. %',
    'atpct',
    'at pct',
    'At.-%',
    'atomic%',
    'atomic %',
    'atom%',
  ],
  ['share', 'phr', 'pphr', 'PHR'],
  ['share', 'parts', 'part', 'pbw', 'pts', 'Teile', 'GT', 'parts by weight'],
  ['share', 'equiv', 'equiv.', 'eq', 'eq.', 'equivalent', 'equivalents', 'Äq.'],
  ['share', 'ppm'],
  ['share', 'ppb'],
  ['share', 'wppm'],
  ['rotation', 'rpm', 'RPM', 'U/min', 'rev/min', 'r/min', 'min-1', '1/min', 'min^-1', 'min⁻¹'],
  ['angle', '°', 'º', 'deg', 'degree', 'degrees', 'Grad'],
  ['angle', 'rad'],
  ['stress', 'psi', 'PSI', 'psig', 'psia'],
  ['stress', 'ksi'],
  ['stress', 'Mpsi', 'msi'],
  ['stress', 'MPa', 'Mpa', 'megapascal', 'megapascals', 'N/mm2', 'N/mm^2', 'N/mm²'],
  ['stress', 'GPa', 'Gpa', 'gigapascal', 'gigapascals'],
  ['stress', 'atm'],
  ['stress', 'Torr', 'torr', 'mTorr', 'mmHg'],
  ['length', 'in', 'inch', 'inches'],
  ['length', 'ft', 'feet'],
  ['length', 'mil', 'mils'],
  ['length', 'µm', 'um', 'micron', 'microns'],
  ['length', 'Å', 'Angstrom', 'angstrom', 'ang'],
  ['mass', 'lb', 'lbs', 'pound', 'pounds'],
  ['mass', 'oz', 'ounces'],
  ['mass', 'cwt'],
  ['mass', 't', 'ton', 'tons', 'tonne', 'tonnes'],
  ['mass', 'µg', 'ug', 'mcg'],
  ['mass', 'g', 'gram', 'grams', 'gm', 'Gramm'],
  ['mass', 'kg', 'Kg', 'KG', 'kilogram', 'kilograms'],
  ['volume', 'mL', 'ml', 'cc', 'ccm'],
  ['volume', 'µL', 'ul', 'uL', 'µl', 'μl', 'μL'],
  ['volume', 'L', 'l', 'liter', 'liters', 'litre', 'litres', 'Liter'],
  ['volume', 'gal', 'gallon', 'gallons'],
  ['volume', 'drops', 'drop', 'Tropfen'],
  ['substance', 'mol', 'mole', 'moles', 'Mol'],
  ['concentration', 'M', 'molar'],
  ['voltage', 'V', 'volt', 'volts', 'Volt'],
  ['frequency', 'Hz', 'hertz'],
  ['flow', 'sccm'],
  ['flow', 'slm'],
  ['viscosity', 'cP', 'cps', 'cPs', 'centipoise', 'mPas', 'mPa.s', 'mPa*s'],
  ['hardness', 'HV', 'Hv', 'hv', 'HV0.1', 'HV0.5', 'HV1', 'HV5', 'HV10', 'HV30', 'Vickers'],
  ['hardness', 'HRC'],
  ['hardness', 'HRB'],
  ['hardness', 'HB', 'HBW', 'Brinell'],
  ['hardness', 'Shore A', 'Shore-A', 'shore A', 'ShA'],
  ['hardness', 'Shore D', 'Shore-D', 'shore D', 'ShD'],
  ['result', 'GU', 'gloss units'],
  ['result', 'dB'],
  ['result', 'Oe'],
  ['result', 'cycles', 'cycle', 'Zyklen'],
  ['result', 'lm'],
  ['result', 'cd'],
  ['result', 'W/mK', 'W/(mK)', 'W/m-K'],
  ['result', 'g/10min', 'g/10 min', 'dg/min'],
  ['money', '$', 'USD', 'usd', 'dollars'],
  ['money', '€', 'EUR', 'eur', 'Euro'],
  ['one', 'a.u.', 'au', 'arb. units', 'arb.u.'],
];
