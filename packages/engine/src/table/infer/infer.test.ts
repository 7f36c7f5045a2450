import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasFormula, isElementName } from './elements.ts';
import { findCompositions, type PartCandidate } from './findCompositions.ts';
import { findLeaks } from './findLeaks.ts';
import { parseHeader } from './parseHeader.ts';
import { parseUnit } from './parseUnit.ts';
import { readSmiles } from './smiles.ts';
import { headerWords } from './parseHeader.ts';
import { lookUpMeaning } from './lookUpMeaning.ts';

describe('units', () => {
  test.each([
    ['kg/m3', 'kg/m3', 'amount'],
    ['kg m-3', 'kg/m3', 'amount'],
    ['kg m⁻³', 'kg/m3', 'amount'],
    ['kg in a m^3 mixture', 'kg/m3', 'amount'],
    ['g/L', 'g/L', 'amount'],
    ['wt.-%', 'wt%', 'amount'],
    ['Gew.-%', 'wt%', 'amount'],
    ['phr', 'phr', 'amount'],
    ['oz/cwt', 'oz/cwt', 'amount'],
    ['mmol', 'mmol', 'amount'],
    ['degC', '°C', 'process'],
    ['°C/min', '°C/min', 'process'],
    ['uL/min', 'µL/min', 'process'],
    ['rpm', 'rpm', 'process'],
    ['MPa', 'MPa', 'property'],
    ['N/mm²', 'MPa', 'property'],
    ['S cm-1', 'S/cm', 'property'],
    ['mPa·s', 'mPa·s', 'property'],
    ['W/(m·K)', 'W/(m·K)', 'property'],
    ['mAh g⁻¹', 'mAh/g', 'property'],
    ['mol/L', 'mol/L', 'neutral'],
    ['mm', 'mm', 'neutral'],
    ['%', '%', 'neutral'],
    ['1/s', '1/s', 'property'],
  ])('%s is %s, of kind %s', (text, symbol, kind) => {
    expect(parseUnit(text)).toMatchObject({ symbol, kind });
  });

  test.each(['', 'foo', 'component 1', 'Mg', 'Tm', 'kg//m3', '/', 'x', 'S9', '28', 'a b c', 'm^99x'])(
    '%j is no unit',
    (text) => {
      expect(parseUnit(text)).toBeNull();
    },
  );
});

describe('headers', () => {
  test.each([
    ['Cement (kg/m3)', 'Cement', 'kg/m3'],
    ['temperature [°C]', 'temperature', '°C'],
    ['Strength, MPa', 'Strength', 'MPa'],
    ['x / mm', 'x', 'mm'],
    ['T/K', 'T', 'K'],
    ['Temperatur in °C', 'Temperatur', '°C'],
    ['wt% PVA', 'PVA', 'wt%'],
    ['% Cement', 'Cement', '%'],
    ['Cement %', 'Cement', '%'],
    ['Temp°C', 'Temp', '°C'],
    ['cement_kg_m3', 'cement', 'kg/m3'],
    ['fly_ash_kg_m3', 'fly ash', 'kg/m3'],
    ['yield_pct', 'yield', '%'],
    ['conductivity_S_cm', 'conductivity', 'S/cm'],
    ['strength_28d_mpa', 'strength 28d', 'MPa'],
    ['cure_temperature_C', 'cure temperature', '°C'],
    ['time_h', 'time', 'h'],
    ['thermal_conductivity_W_m_K', 'thermal conductivity', 'W/(m·K)'],
    ['heating_rate_C_min', 'heating rate', '°C/min'],
    ['polymer_wt_pct', 'polymer', 'wt%'],
    ['Cement (component 1)(kg in a m^3 mixture)', 'Cement (component 1)', 'kg/m3'],
    ['Concrete compressive strength(MPa, megapascals)', 'Concrete compressive strength', 'MPa'],
    ['Young’s modulus (GPa) at 23 °C', 'Young’s modulus at 23 °C', 'GPa'],
    ['Pt_wt', 'Pt', 'wt%'],
    ['pH (-)', 'pH', null],
    ['component_C', 'component C', null],
    ['Vitamin C', 'Vitamin C', null],
    ['polymer_A', 'polymer A', null],
    ['T_min', 'T min', null],
    ['solvent_V', 'solvent V', null],
    ['n_replicates', 'n replicates', null],
    ['hv', 'hv', null],
    ['MPa', 'MPa', null],
    ['Phase A - Water (%)', 'Phase A - Water', '%'],
    ['()', '()', null],
    ['(kg)', '(kg)', null],
  ])('%s is %s in %s', (header, name, unit) => {
    const parts = parseHeader(header);
    expect(parts.name).toBe(name);
    expect(parts.unit?.symbol ?? null).toBe(unit);
  });

  test('any text is a header, with a name', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 200, unit: 'binary' }), (text) => {
        fc.pre(text.trim() !== '');
        expect(parseHeader(text).name.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  test('brackets without end take no time', () => {
    for (const header of [
      '('.repeat(200),
      ')'.repeat(200),
      '(a)'.repeat(66),
      `${'('.repeat(100)}${')'.repeat(100)}`,
    ])
      expect(parseHeader(header).unit).toBeNull();
  });

  test.each([
    ['test temperature', 'setting'],
    ['melting temperature', 'property'],
    ['Rupture stress', 'property'],
    ['rupture time', 'setting'],
    ['catalyst loading', 'quantity'],
    ['drug loading', 'property'],
    ['yield strength', 'property'],
    ['Wasseranteil', 'quantity'],
    ['Druckfestigkeit', 'property'],
    ['Ofentemperatur', 'setting'],
    ['y2', 'property'],
    ['x1', 'setting'],
    ['water', 'ingredient'],
    ['Aggregates', 'ingredient'],
    ['foo', null],
  ])('%s means %s', (header, meaning) => {
    expect(lookUpMeaning(headerWords(header))).toBe(meaning);
  });
});

describe('elements and formulas', () => {
  test('symbols in the usual spelling or one case are elements', () => {
    for (const name of ['Fe', 'C', 'mn', 'CR', 'W']) expect(isElementName(name), name).toBe(true);
    for (const name of ['No', 'x', 'fE', 'Xx', '', 'T']) expect(isElementName(name), name).toBe(false);
  });

  test('formulas are found as words of a name', () => {
    for (const name of ['TiO2', 'AgNO3', 'Ca(OH)2', 'q agno3', 'NaCl', 'Al0.25CoFeNi', 'KOH', 'O2', 'LiPF6'])
      expect(hasFormula(name), name).toBe(true);
    for (const name of ['HV', 'PVC', 'x1', 'cost', 'strength', 'C1', 'Y2', 'Zr5', 'ht1', 'p3ht', '('])
      expect(hasFormula(name), name).toBe(false);
  });
});

describe('SMILES', () => {
  test.each([
    'CCO',
    'c1ccccc1',
    'CC(=O)Oc1ccccc1C(=O)O',
    'O=C([O-])C.[K+]',
    '[Na+].[Cl-]',
    'C/C=C/C',
    'N[C@@H](C)C(=O)O',
    'C1CC2CCC1C2',
    'C%10CCCCC%10',
    '[13CH4]',
    '*CC*',
    'C[N]1N=NC(=N1)N=NC2=CC=CC=C2',
    'c1ccc2[nH]ccc2c1',
    'FC(F)(F)F',
    '[Fe+2]',
    'C#N',
  ])('%s is valid', (text) => {
    expect(readSmiles(text).isValid).toBe(true);
  });

  test.each([
    '',
    'C1CC',
    'C(C',
    'CC)',
    'C==C',
    'C=',
    '=C',
    '(C)C',
    'C()C',
    'SiO2',
    'CCl4',
    'NaOH',
    'Co',
    'nosc',
    'PPh3',
    'P1-L3',
    'toluene',
    'C C',
    '[Xx]',
    '[C',
    'C.',
    'C..C',
    '1CC1',
    'H2O',
    'c1ccccc',
    'C%1',
  ])('%j is not', (text) => {
    expect(readSmiles(text).isValid).toBe(false);
  });

  test('no text takes more than one pass, and none fails', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[CNOcn()[\]=#1-4%.+@H/-]{0,60}$/), (text) => {
        expect(typeof readSmiles(text).isValid).toBe('boolean');
      }),
      { numRuns: 500 },
    );
    expect(readSmiles('('.repeat(100_000)).isValid).toBe(false);
  });
});

describe('compositions', () => {
  const candidate = (values: readonly number[], unit = '', kind = ''): PartCandidate => ({
    values: Float64Array.from(values),
    unit,
    kind,
  });

  test('neighbours that add up to 1 or 100 are found between others', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 6 }),
        fc.constantFrom(1, 100),
        fc.array(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 6, maxLength: 6 }), {
          minLength: 5,
          maxLength: 30,
        }),
        (parts, whole, raw) => {
          const rows = raw.map((row) => {
            const used = row.slice(0, parts);
            const sum = used.reduce((a, b) => a + b, 0);
            return used.map((value) => (value * whole) / sum);
          });
          const columns = Array.from({ length: parts }, (_, j) => candidate(rows.map((row) => row[j]!)));
          const isVaried = columns.filter(({ values }) => new Set(values).size > 1).length > 1;
          fc.pre(isVaried);
          const others = [candidate(raw.map((row) => 200 + row[0]!)), null];
          const found = findCompositions([others[0]!, ...columns, others[1]!]);
          expect(found).toMatchObject([
            { members: columns.map((_, j) => j + 1), whole, openRows: [], blankRows: [] },
          ]);
        },
      ),
    );
  });

  test('rows that do not add up and empty cells are named', () => {
    const n = 40;
    const a = Array.from({ length: n }, (_, i) => 10 + i);
    const b = a.map((value) => 100 - value);
    b[3] = 50;
    const c = Array.from({ length: n }, () => 0);
    c[7] = NaN;
    expect(findCompositions([candidate(a), candidate(b), candidate(c)])).toMatchObject([
      { members: [0, 1, 2], openRows: [3], blankRows: [7] },
    ]);
  });

  test('parts of one kind are found wherever they stand', () => {
    const a = [0.2, 0.4, 0.6, 0.1];
    const b = a.map((value) => 1 - value);
    const between = [5, 6, 7, 8];
    expect(
      findCompositions([candidate(a, '', 'element'), candidate(between), candidate(b, '', 'element')]),
    ).toMatchObject([{ members: [0, 2] }]);
  });

  test('columns that do not add up, and pairs that never change, are none', () => {
    expect(findCompositions([candidate([1, 2, 3, 4]), candidate([9, 8, 1, 3])])).toEqual([]);
    expect(findCompositions([candidate([40, 40, 40]), candidate([60, 60, 60])])).toEqual([]);
    expect(findCompositions([])).toEqual([]);
  });
});

describe('leaks', () => {
  test('a linear copy of a target is found, a strong cause with noise is not', () => {
    const n = 1000;
    const y = Float64Array.from({ length: n }, (_, i) => Math.sin(i) * 10);
    const copy = y.map((value) => 145 * value + 3);
    const cause = y.map((value, i) => value + Math.sin(i * 7.3));
    const leaks = findLeaks(
      [
        { index: 0, values: copy },
        { index: 1, values: cause },
      ],
      [{ index: 2, values: y }],
    );
    expect(leaks).toMatchObject([{ input: 0, target: 2 }]);
    expect(leaks[0]!.correlation).toBeCloseTo(1, 10);
  });

  test('few rows, missing and huge values say nothing wrong', () => {
    const few = Float64Array.of(1, 2, 3);
    expect(findLeaks([{ index: 0, values: few }], [{ index: 1, values: few }])).toEqual([]);
    const huge = Float64Array.from({ length: 20 }, (_, i) => (i % 5) * 1e300);
    expect(
      findLeaks([{ index: 0, values: huge }], [{ index: 1, values: huge.map((v) => -v) }]).every(
        ({ correlation }) => Number.isFinite(correlation),
      ),
    ).toBe(true);
  });
});
