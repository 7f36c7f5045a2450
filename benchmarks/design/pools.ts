/** The tables that are replayed as campaigns, as inputs and targets. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableOf, type ColumnDescription } from '../../packages/engine/src/conformance/tableOf.ts';
import type { InputColumn, Inputs } from '../../packages/engine/src/models/inputs.ts';
import { describeColumn } from '../../packages/engine/src/table/molecules/describeMolecules.ts';
import { MoleculeReader } from '../../packages/server/src/molecules/moleculeReader.ts';
import { sessionInputs } from '../../packages/engine/src/session/sessionInputs.ts';

export interface Pool {
  readonly name: string;
  readonly inputs: Inputs;
  readonly keys: readonly string[];
  /** One a target [target][row]. */
  readonly targets: readonly Float64Array[];
  readonly targetKeys: readonly string[];
  readonly goals: readonly ('maximize' | 'minimize')[];
  readonly budget: number;
  /** Seeds at most: campaigns over thousands of rows take minutes. */
  readonly maxSeeds: number;
  /** Inputs that come as SMILES as well. */
  readonly molecules: readonly string[];
}

interface PoolSource {
  readonly inputs: readonly string[];
  readonly targets: readonly string[];
  readonly goals: readonly ('maximize' | 'minimize')[];
  readonly budget: number;
  readonly amounts?: boolean;
  readonly maxSeeds?: number;
  readonly molecules?: readonly string[];
}

const sources: { readonly [name: string]: PoolSource } = {
  direct_arylation: {
    inputs: ['base', 'ligand', 'solvent', 'concentration_M', 'temperature_C'],
    targets: ['yield_pct'],
    goals: ['maximize'],
    budget: 50,
    molecules: ['base', 'ligand', 'solvent'],
  },
  crossed_barrel: {
    inputs: ['n_struts', 'theta_deg', 'r_mm', 't_mm'],
    targets: ['toughness_J'],
    goals: ['maximize'],
    budget: 100,
  },
  agnp: {
    inputs: ['q_agno3_pct', 'q_pva_pct', 'q_tsc_pct', 'q_seed_pct', 'q_tot_ul_min'],
    targets: ['spectrum_loss'],
    goals: ['minimize'],
    budget: 60,
  },
  p3ht_cnt: {
    inputs: ['p3ht_pct', 'cnt_d1_pct', 'cnt_d2_pct', 'cnt_d6_pct', 'cnt_d8_pct'],
    targets: ['conductivity_S_cm'],
    goals: ['maximize'],
    budget: 60,
    amounts: true,
  },
  oer_plate_3496: {
    inputs: ['Ni', 'Fe', 'Co', 'Mn', 'Ce', 'La'],
    targets: ['overpotential_V'],
    goals: ['minimize'],
    budget: 215,
    maxSeeds: 8,
    amounts: true,
  },
  suzuki_b1_two_objective: {
    inputs: ['ligand', 'base', 'solvent', 'ligand_equiv'],
    targets: ['conversion_pct', 'selectivity_pct'],
    goals: ['maximize', 'maximize'],
    budget: 40,
  },
};

export const poolNames = Object.keys(sources);
const folder = join(import.meta.dirname, '..', '..', '..', 'shared', 'data');

/** Columns of a table as cells: numbers where all are, text otherwise, null for missing ones. */
export function readColumns(name: string): Map<string, (number | string | null)[]> {
  const lines = readFileSync(join(folder, `${name}.csv`), 'utf8')
    .trim()
    .split(/\r?\n/);
  const header = splitLine(lines[0]!);
  const cells = lines.slice(1).map(splitLine);
  return new Map(
    header.map((key, j) => {
      const texts = cells.map((row) => row[j]!);
      const isNumeric = texts.every((text) => text === '' || Number.isFinite(Number(text)));
      return [key, texts.map((text) => (text === '' ? null : isNumeric ? Number(text) : text))];
    }),
  );
}

export function readPool(name: string): Pool {
  const source = sources[name]!;
  const all = readColumns(name);
  const columns: { [key: string]: ColumnDescription } = {};
  for (const key of source.inputs)
    columns[key] = { cells: all.get(key)!, type: source.amounts === true ? 'material_amount' : 'parameter' };
  return {
    name,
    keys: source.inputs,
    inputs: sessionInputs(tableOf(columns), source.inputs).inputs,
    targets: source.targets.map((key) => Float64Array.from(all.get(key) as number[])),
    targetKeys: source.targets,
    goals: source.goals,
    budget: source.budget,
    maxSeeds: source.maxSeeds ?? Infinity,
    molecules: source.molecules ?? [],
  };
}

/** One line of CSV with quoted cells. */
function splitLine(line: string): string[] {
  const cells: string[] = [];
  for (const match of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
    cells.push(match[1] === undefined ? match[2]! : match[1].replaceAll('""', '"'));
  return cells;
}

/** The pool with molecules in place of the names of its substances. */
export async function readMolecules(pool: Pool): Promise<Pool> {
  const all = readColumns(pool.name);
  const reader = new MoleculeReader();
  const molecules: InputColumn[] = [];
  for (const name of pool.molecules) {
    const key = `${name}_smiles`;
    const texts = all.get(key) as string[];
    const levels = [...new Set(texts)];
    const codes = Int32Array.from(texts, (text) => levels.indexOf(text));
    const column = describeColumn({ kind: 'categorical', key, codes, levels }, await reader.describe(levels));
    molecules.push({ column, bounds: null, isAmount: false });
  }
  await reader.close();
  const others = pool.inputs.columns.filter(({ column }) => !pool.molecules.includes(column.key));
  return { ...pool, inputs: { ...pool.inputs, columns: [...others, ...molecules] } };
}
