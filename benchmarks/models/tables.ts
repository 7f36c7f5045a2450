/** The tables of the comparison: experiments from public repositories, read from ../shared/data beside this one. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { tableOf, type ColumnDescription } from '../../packages/engine/src/conformance/tableOf.ts';
import type { Table } from '../../packages/engine/src/table/table.ts';

export interface TableSource {
  readonly name: string;
  /** Targets compared, each on its own. */
  readonly targets: readonly string[];
  /** Columns that are no inputs: other measurements, labels, names of molecules written twice. */
  readonly drop: readonly string[];
  readonly isAmount: (key: string) => boolean;
}

const none = (): boolean => false;
const isElement = (key: string): boolean => /^[A-Z][a-z]?$/.test(key);

export const sources: readonly TableSource[] = [
  {
    name: 'concrete_uci',
    targets: ['compressive_strength_MPa'],
    drop: [],
    isAmount: (key) => key.endsWith('kg_m3'),
  },
  {
    name: 'concrete_slump',
    targets: ['strength_28d_MPa', 'slump_cm', 'flow_cm'],
    drop: [],
    isAmount: none,
  },
  { name: 'agnp', targets: ['spectrum_loss'], drop: ['n_replicates', 'replicate_std'], isAmount: none },
  {
    name: 'crossed_barrel',
    targets: ['toughness_J'],
    drop: ['n_replicates', 'replicate_std'],
    isAmount: none,
  },
  {
    name: 'p3ht_cnt',
    targets: ['conductivity_S_cm'],
    drop: ['n_replicates', 'replicate_std'],
    isAmount: (key) => key.endsWith('_pct'),
  },
  { name: 'oer_plate_3496', targets: ['overpotential_V'], drop: [], isAmount: isElement },
  { name: 'reizman_suzuki', targets: ['yield_pct', 'turnover_number'], drop: [], isAmount: none },
  {
    name: 'lnp_cbd',
    targets: ['drug_loading', 'encapsulation_efficiency', 'particle_diameter_nm'],
    drop: ['solid_lipid_smiles'],
    isAmount: none,
  },
  {
    name: 'direct_arylation',
    targets: ['yield_pct'],
    drop: ['base_smiles', 'ligand_smiles', 'solvent_smiles', 'cost'],
    isAmount: none,
  },
  {
    name: 'suzuki_b1_two_objective',
    targets: ['conversion_pct', 'selectivity_pct'],
    drop: [],
    isAmount: none,
  },
  {
    name: 'sustainable_concrete',
    targets: ['strength_28d_psi', 'strength_1d_psi', 'slump_in'],
    drop: ['mix', 'gwp', 'strength_3d_psi', 'strength_5d_psi', 'strength_14d_psi'],
    isAmount: (key) => key.endsWith('kg_m3'),
  },
  {
    name: 'mpea_hea',
    targets: ['hv', 'ys_MPa'],
    drop: [
      'formula',
      'phase',
      'uts_MPa',
      'elongation_pct',
      'plastic_elongation_pct',
      'youngs_modulus_GPa',
      'density_g_cm3',
    ],
    isAmount: isElement,
  },
  { name: 'ni_superalloy_creep', targets: ['rupture_stress_MPa'], drop: ['alloy'], isAmount: isElement },
];

const folder = join(import.meta.dirname, '..', '..', '..', 'shared', 'data');

/** The table of a source as a session would see it with one target. @throws when the file is not there. */
export function readTable({ name, targets, drop, isAmount }: TableSource, target: string): Table {
  const path = join(folder, `${name}.csv`);
  if (!existsSync(path)) throw new Error(`no table at ${path}`);
  const [header, ...rows] = Papa.parse<string[]>(readFileSync(path, 'utf8').trim()).data;
  const columns: { [key: string]: ColumnDescription } = {};
  header!.forEach((key, j) => {
    if (drop.includes(key) || (targets.includes(key) && key !== target)) return;
    const texts = rows.map((row) => row[j]!);
    const isNumeric = texts.every((text) => text === '' || Number.isFinite(Number(text)));
    columns[key] = {
      cells: texts.map((text) => (text === '' ? null : isNumeric ? Number(text) : text)),
      type: isAmount(key) ? 'material_amount' : 'parameter',
      role: key === target ? 'target' : 'input',
    };
  });
  return tableOf(columns);
}
