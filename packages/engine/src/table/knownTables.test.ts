import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { profileTable } from './profileTable.ts';
import { defaultReadLimits } from './readOptions.ts';
import { readTable } from './readTable.ts';
import { typeTable } from './typeTable.ts';

/** Real tables of experiments beside the repository; not part of it, so a clone alone skips these tests. */
const folder = join(import.meta.dirname, '../../../../../shared/data');
const example = join(import.meta.dirname, '../../../../examples/concrete.csv');
const options = {
  fileName: '',
  limits: defaultReadLimits,
  inflateRaw: (bytes: Uint8Array, max: number) => inflateRawSync(bytes, { maxOutputLength: max }),
};

/** What each column is: amounts, other settings, categories, truth values, molecules, results, and what stays out. */
interface Understanding {
  amounts?: string;
  parameters?: string;
  categories?: string;
  molecules?: string;
  targets: string;
  group?: string;
  identifiers?: string;
  ignored?: string;
  composition?: boolean;
}

const kilograms = (...names: string[]) => names.map((name) => `${name}_kg_m3`).join(' ');

const tables: Record<string, Understanding> = {
  agnp: {
    amounts: 'q_agno3_pct q_pva_pct q_tsc_pct q_seed_pct',
    parameters: 'q_tot_ul_min',
    targets: 'spectrum_loss',
    ignored: 'n_replicates replicate_std',
  },
  concrete_slump: {
    amounts: 'cement slag fly_ash water superplasticizer coarse_agg fine_agg',
    targets: 'slump_cm flow_cm strength_28d_MPa',
  },
  concrete_uci: {
    amounts: kilograms('cement', 'slag', 'fly_ash', 'water', 'superplasticizer', 'coarse_agg', 'fine_agg'),
    parameters: 'age_d',
    targets: 'compressive_strength_MPa',
  },
  crossed_barrel: {
    parameters: 'n_struts theta_deg r_mm t_mm',
    targets: 'toughness_J',
    ignored: 'n_replicates replicate_std',
  },
  crossed_barrel_raw: { parameters: 'n_struts theta_deg r_mm t_mm', targets: 'toughness_J' },
  direct_arylation: {
    categories: 'base ligand solvent',
    molecules: 'base_smiles ligand_smiles solvent_smiles',
    parameters: 'concentration_M temperature_C',
    targets: 'yield_pct cost',
  },
  esol: { identifiers: 'compound', molecules: 'smiles', targets: 'log_solubility_mol_l' },
  lnp_cbd: {
    amounts: 'drug_input_ug solid_lipid_input_ug liquid_lipid_input_ug surfactant_input',
    categories: 'solid_lipid',
    molecules: 'solid_lipid_smiles',
    targets: 'drug_loading encapsulation_efficiency particle_diameter_nm',
  },
  mpea_hea: {
    group: 'formula',
    amounts: 'Ag Al B C Ca Co Cr Cu Fe Ga Hf Li Mg Mn Mo Nb Nd Ni Pd Re Sc Si Sn Ta Ti V W Y Zn Zr',
    categories: 'processing test_type',
    parameters: 'test_temperature_C grain_size_um',
    // A phase is a measured label in words, which models of numbers leave out.
    ignored: 'phase',
    targets: 'hv ys_MPa uts_MPa elongation_pct plastic_elongation_pct youngs_modulus_GPa density_g_cm3',
    composition: true,
  },
  ni_superalloy_creep: {
    group: 'alloy',
    amounts: 'Al B C Co Cr Cu Fe Mg Mn Mo N Nb Ni P Si Ta Ti V W Zr',
    parameters:
      'ht1_T_C ht1_t_h ht2_T_C ht2_t_h ht3_T_C ht3_t_h ht4_T_C ht4_t_h test_temperature_C rupture_time_h',
    targets: 'rupture_stress_MPa',
    // The same in every row.
    ignored: 'Hf La O Re Th Y ht5_T_C ht5_t_h powder_processed pressure_treated',
  },
  oer_plate_3496: { amounts: 'Ni Fe Co Mn Ce La', targets: 'overpotential_V', composition: true },
  p3ht_cnt: {
    amounts: 'p3ht_pct cnt_d1_pct cnt_d2_pct cnt_d6_pct cnt_d8_pct',
    targets: 'conductivity_S_cm',
    ignored: 'n_replicates replicate_std',
    composition: true,
  },
  photoswitch: {
    molecules: 'smiles',
    targets: 'thermal_rate_s Z_pss_pct E_pss_pct E_pi_pi_nm E_n_pi_nm Z_pi_pi_nm Z_n_pi_nm',
  },
  reizman_suzuki: {
    categories: 'case catalyst',
    amounts: 'catalyst_loading_molpct',
    parameters: 'residence_time_s temperature_C',
    targets: 'turnover_number yield_pct',
  },
  sustainable_concrete: {
    // A name for every mix.
    identifiers: 'mix',
    categories: 'type',
    amounts: `${kilograms('cement', 'fly_ash', 'slag', 'water', 'hrwr', 'fine_agg', 'coarse_agg')} vma_oz_cwt ae_oz_cwt`,
    parameters: 'material_source temp_C',
    targets: 'gwp strength_1d_psi strength_3d_psi strength_5d_psi strength_14d_psi strength_28d_psi slump_in',
    ignored: 'mrwr_kg_m3',
  },
  suzuki_b1_two_objective: {
    categories: 'ligand base solvent',
    amounts: 'ligand_equiv',
    targets: 'conversion_pct selectivity_pct',
  },
};

async function understand(path: string) {
  const table = typeTable(await readTable(new Uint8Array(readFileSync(path)), options), []);
  const keys = (test: (variable: (typeof table.variables)[number]) => boolean) =>
    table.variables
      .filter(test)
      .map(({ key }) => key)
      .sort();
  const inputs = (type: string, dataType: string) =>
    keys((one) => one.role === 'input' && one.type === type && one.dataType === dataType);
  return {
    amounts: inputs('material_amount', 'numeric'),
    parameters: inputs('parameter', 'numeric'),
    categories: inputs('parameter', 'categorical'),
    molecules: inputs('molecule', 'molecular'),
    targets: keys(({ role, type }) => role === 'target' && type === 'property'),
    group: keys(({ role }) => role === 'group'),
    identifiers: keys(({ role }) => role === 'identifier'),
    ignored: keys(({ role }) => role === 'ignored'),
    composition: table.warnings.some(({ code }) => code.startsWith('composition')),
    columnCount: table.variables.length,
    isGuessed: table.warnings.some(({ code }) => code === 'target_guessed'),
  };
}

const words = (text: string | undefined) => (text ?? '').split(' ').filter(Boolean).sort();

describe.skipIf(!existsSync(folder))('every known table is understood', () => {
  test.each(Object.entries(tables))('%s', async (name, wanted) => {
    const found = await understand(join(folder, `${name}.csv`));
    expect(found).toEqual({
      amounts: words(wanted.amounts),
      parameters: words(wanted.parameters),
      categories: words(wanted.categories),
      molecules: words(wanted.molecules),
      targets: words(wanted.targets),
      group: words(wanted.group),
      identifiers: words(wanted.identifiers),
      ignored: words(wanted.ignored),
      composition: wanted.composition ?? false,
      columnCount: found.columnCount,
      isGuessed: false,
    });
  });

  test('repeated rows are counted as the data set says', async () => {
    const counts: Record<string, number> = {
      concrete_uci: 25,
      mpea_hea: 24,
      reizman_suzuki: 1,
      esol: 0,
      agnp: 0,
    };
    for (const [name, count] of Object.entries(counts)) {
      const bytes = new Uint8Array(readFileSync(join(folder, `${name}.csv`)));
      expect(profileTable(typeTable(await readTable(bytes, options), [])).duplicateRowCount, name).toBe(
        count,
      );
    }
  });
});

test.skipIf(!existsSync(example))('the example table is understood', async () => {
  const found = await understand(example);
  expect(found.amounts).toHaveLength(7);
  expect(found).toMatchObject({ parameters: ['Age (days)'], targets: ['Compressive strength (MPa)'] });
});
