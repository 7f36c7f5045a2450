import { expect, test } from 'vitest';
import type { RawCell } from './rawTable.ts';
import { typeTable } from './typeTable.ts';

/**
 * Headers as people of different fields write them. Letters say what each column is: A amount, P other setting, C category, M
 * molecule, T result, I identifier, X left out. The cells are made up and say little, so the names and units have to.
 */
const fields: Record<string, string> = {
  polymers:
    'Sample ID:I|PLA (wt%):A|PBAT (wt%):A|Chain extender (phr):A|Talc (wt%):A|Screw speed (rpm):P|Barrel temp (°C):P|MFI (g/10 min):T|Young’s modulus (MPa):T|Elongation at break (%):T|Tg (°C):T|Notched Izod (kJ/m2):T',
  coatings:
    'Formulation:I|Resin A [g]:A|Hardener [g]:A|TiO2 [g]:A|Dispersant:A|Defoamer:A|Bake temperature [°C]:P|Bake time [min]:P|Film thickness [µm]:P|Gloss 60° [GU]:T|MEK double rubs:T|Viscosity [mPa·s]:T',
  batteries:
    'Cell:I|LiPF6 (M):A|EC (vol%):A|EMC (vol%):A|FEC (wt%):A|C-rate:P|Temperature (°C):P|Discharge capacity (mAh/g):T|Capacity retention after 100 cycles (%):T|Coulombic efficiency (%):T',
  steels:
    'No:I|C:A|Si:A|Mn:A|P:A|S:A|Ni:A|Cr:A|Austenitizing temperature (°C):P|Tempering time (h):P|Yield strength (MPa):T|UTS (MPa):T|Hardness (HRC):T',
  'elements in lower case': 'c:A|mn:A|si:A|cr:A|ni:A|mo:A|v:A|fatigue:T',
  glasses: 'SiO2:A|Na2O:A|CaO:A|Al2O3:A|B2O3:A|Tg_K:T|Density (g/cm3):T|CTE:T',
  rubber:
    'NR (phr):A|SBR (phr):A|Silica (phr):A|Silane (phr):A|Cure temperature:P|Mooney viscosity:T|tan δ 60 °C:T|Shore A:T',
  printing:
    'layer_height_mm:P|wall_thickness:P|nozzle_temperature:P|bed_temperature:P|print_speed:P|material:C|fan_speed:P|roughness:T|elongation:T',
  moulding:
    'Melt temperature °C:P|Mold temperature °C:P|Injection pressure bar:P|Packing pressure MPa:P|Cooling time s:P|Warpage mm:T|Shrinkage %:T',
  flow: 'aryl_halide:C|residence_time_min:P|temperature_degC:P|equiv_amine:A|conc_substrate_M:P|conversion:T|e_factor:T',
  fermentation: 'run:I|glucose_g_L:A|yeast_extract_g_L:A|pH:P|temp:P|agitation_rpm:P|titer_g_L:T',
  'German concrete':
    'Versuch Nr.:I|Zement (kg/m³):A|Wasser (kg/m³):A|Fließmittel (kg/m³):A|Alter (Tage):P|Druckfestigkeit (MPa):T|Ausbreitmaß (mm):T',
  'German coatings':
    'Rezeptur:I|Bindemittel in Gew.-%:A|Pigment in Gew.-%:A|Lösemittel in Gew.-%:A|Trocknungstemperatur in °C:P|Haftung in MPa:T|Glanz:T|Trocknungszeit in h:T',
  'textbook letters': 'x1:P|x2:P|x3:P|y:T',
  'two responses': 'X1:P|X2:P|X3:P|Y1:T|Y2:T',
  'design of experiments': 'StdOrder:I|RunOrder:I|A - Temperature:P|B - Time:P|C - Catalyst:A|Response 1:T',
  'results first': 'Yield (%):T|Purity (%):T|Temperature (°C):P|Time (h):P|Catalyst loading (mol%):A',
  membranes:
    'PSf wt%:A|NMP wt%:A|PEG wt%:A|Casting speed (m/min):P|Coagulation bath temperature (°C):P|Pure water flux (L/m2/h):T|Salt rejection (%):T|Contact angle (°):T',
  adhesives: 'Monomer A (mol%):A|Monomer B (mol%):A|Initiator (mg):A|Mw (kDa):T|PDI:T|Peel strength (N/mm):T',
  detergents:
    'SLES (%):A|CAPB (%):A|NaCl (%):A|Water (%):A|pH:P|Foam height (mm):T|Viscosity (cP):T|Cost ($/kg):T',
  nanoparticles: 'AgNO3_mM:A|citrate_mM:A|NaBH4_mM:A|stir_rate_rpm:P|lambda_max_nm:T|FWHM_nm:T',
  catalysts: 'support:C|Pt_wt:A|Sn_wt:A|calcination_T:P|CO conversion (%):T|CH4 selectivity (%):T',
  molecules: 'mol_id:I|smiles:M|logP:T',
  hydrogels:
    'Gelatin % w/v:A|Alginate % w/v:A|CaCl2 (mM):A|UV dose (mJ/cm2):P|Storage modulus (Pa):T|Swelling ratio:T',
  'concrete as published':
    'Cement (component 1)(kg in a m^3 mixture):A|Water  (component 4)(kg in a m^3 mixture):A|Age (day):P|Concrete compressive strength(MPa, megapascals):T',
  'additive manufacturing':
    'Laser power (W):P|Scan speed (mm/s):P|Hatch spacing (µm):P|Relative density (%):T',
  cosmetics:
    'Batch:I|Phase A - Water (%):A|Glycerin (%):A|Emulsifier (%):A|Homogenization speed:P|Spreadability:T|Droplet size D50 (µm):T',
  'names in camel case': 'laserPower:P|scanSpeed:P|layerThickness:P|surfaceRoughness:T|tensileStrength:T',
  'names in capitals': 'TEMP:P|TIME:P|PH:P|CATALYST_G:A|YIELD:T|PURITY:T',
  inks: 'Ink ID:I|Silver loading (wt%):A|Binder type:C|Solvent A %:A|Solvent B %:A|Print speed mm/s:P|Sheet resistance (ohm/sq):T|Adhesion (0-5):T',
  asphalt: 'Bitumen content (%):A|Filler content (%):A|Air voids (%):T|Marshall stability (kN):T|Flow (mm):T',
  frameworks: 'metal:C|linker:C|modulator_equiv:A|temp_C:P|time_h:P|BET (m2/g):T|CO2 uptake (mmol/g):T',
  baking: 'flour g:A|sugar g:A|butter g:A|oven temp:P|bake time:P|texture:T|overall liking:T',
  tablets:
    'API (mg):A|Lactose (mg):A|Mg stearate (mg):A|compression force kN:P|hardness N:T|disintegration time (s):T',
  plating:
    'NiSO4 g/L:A|boric acid g/L:A|current density A/dm2:P|pH:P|T degC:P|deposit hardness:T|current efficiency %:T',
  'cube strengths': 'w/c:P|cement:A|sand:A|gravel:A|fc7:T|fc28:T',
  'wood panels': 'press temp:P|press time:P|MOR:T|MOE:T|IB:T|thickness swelling:T',
  lubricants: 'Base oil %:A|ZDDP %:A|MoDTC %:A|load N:P|speed rpm:P|COF:T',
  deposition:
    'rf_power:P|pressure_mTorr:P|Ar_flow_sccm:P|substrate_T:P|deposition_rate_nm_min:T|resistivity:T|bandgap_eV:T',
  enzymes: 'variant:I|pH:P|temperature:P|substrate_mM:A|kcat:T|Km:T|activity_U_mg:T',
  'freeze-thaw gels': 'PVA_conc:A|borax_conc:A|freeze_thaw_cycles:P|G_prime_Pa:T|toughness_kJ_m3:T',
  replicates: 'salt:A|temp:P|conductivity:T|conductivity_std:X|n_reps:X',
};

const n = 40;

/** Cells that say as little as possible. */
function cellsFor(header: string, code: string, column: number): RawCell[] {
  return Array.from({ length: n }, (_, i): RawCell => {
    const noise = Math.abs(Math.sin(12.9898 * (i + 1) + 78.233 * column) * 43_758.5453) % 1;
    if (code === 'I')
      return /^(?:no|run|std|versuch)/i.test(header) ? String(i + 1) : `${header[0]!}${1000 + i}`;
    if (code === 'C') return ['alpha', 'beta', 'gamma'][Math.floor(3 * noise)]!;
    if (code === 'M') return 'C'.repeat(1 + (i % 8)) + ['C(=O)O', 'N(C)C', 'c1ccccc1', 'C#N', 'OC'][i % 5]!;
    if (code === 'X') return header.startsWith('n_') ? String(2 + (i % 3)) : noise.toFixed(4);
    return code === 'T' ? (100 * noise).toFixed(3) : String(1 + Math.round(10 * noise) / 2);
  });
}

test.each(Object.entries(fields))('the columns of a table of %s are understood', (_, field) => {
  const specs = field.split('|').map((column) => {
    const colon = column.lastIndexOf(':');
    return { header: column.slice(0, colon), code: column.slice(colon + 1) };
  });
  const table = typeTable(
    {
      format: { kind: 'csv', encoding: 'utf-8', delimiter: ',', decimalMark: '.', sheet: null, headerRow: 1 },
      columns: specs.map(({ header, code }, j) => ({ header, cells: cellsFor(header, code, j) })),
      rowCount: n,
      fileRows: Int32Array.from({ length: n }, (_, i) => i + 2),
      warnings: [],
    },
    [],
  );
  const found = table.variables.map(({ key, role, type, dataType }) => {
    if (role === 'target') return `${key}:T`;
    if (role === 'identifier') return `${key}:I`;
    if (role !== 'input') return `${key}:X`;
    if (type === 'molecule') return `${key}:M`;
    if (type === 'material_amount') return `${key}:A`;
    return dataType === 'categorical' ? `${key}:C` : `${key}:P`;
  });
  expect(found).toEqual(specs.map(({ header, code }) => `${header}:${code}`));
});
