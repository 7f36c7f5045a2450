/**
 * Regression problems of the benchmark: rows drawn from the real tables in ../shared/data, encoded the same way for
 * both sides (numbers scaled to [0, 1] by the range of the whole table, categories as 0/1 columns), target
 * standardised on the rows drawn.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { columnOf, createMatrix, type Matrix } from '../../packages/engine/src/linalg/matrix.ts';

export interface Problem {
  readonly name: string;
  readonly features: Matrix;
  /** Features with the same number share a length scale [d]. */
  readonly lengthscaleOf: Int32Array;
  /** [n] */
  readonly z: Float64Array;
}

interface Source {
  readonly file: string;
  readonly inputs: readonly string[];
  readonly target: string;
}

export const dataFolder = join(import.meta.dirname, '../../../shared/data');

export const sources: Readonly<Record<string, Source>> = {
  concrete: {
    file: 'concrete_uci',
    inputs: [
      'cement_kg_m3',
      'slag_kg_m3',
      'fly_ash_kg_m3',
      'water_kg_m3',
      'superplasticizer_kg_m3',
      'coarse_agg_kg_m3',
      'fine_agg_kg_m3',
      'age_d',
    ],
    target: 'compressive_strength_MPa',
  },
  barrel: {
    file: 'crossed_barrel',
    inputs: ['n_struts', 'theta_deg', 'r_mm', 't_mm'],
    target: 'toughness_J',
  },
  agnp: {
    file: 'agnp',
    inputs: ['q_agno3_pct', 'q_pva_pct', 'q_tsc_pct', 'q_seed_pct', 'q_tot_ul_min'],
    target: 'spectrum_loss',
  },
  p3ht: {
    file: 'p3ht_cnt',
    inputs: ['p3ht_pct', 'cnt_d1_pct', 'cnt_d2_pct', 'cnt_d6_pct', 'cnt_d8_pct'],
    target: 'conductivity_S_cm',
  },
  oer: { file: 'oer_plate_3496', inputs: ['Ni', 'Fe', 'Co', 'Mn', 'Ce', 'La'], target: 'overpotential_V' },
  reizman: {
    file: 'reizman_suzuki',
    inputs: ['case', 'catalyst', 'residence_time_s', 'temperature_C', 'catalyst_loading_molpct'],
    target: 'yield_pct',
  },
  lipid: {
    file: 'lnp_cbd',
    inputs: [
      'drug_input_ug',
      'solid_lipid',
      'solid_lipid_input_ug',
      'liquid_lipid_input_ug',
      'surfactant_input',
    ],
    target: 'encapsulation_efficiency',
  },
  arylation: {
    file: 'direct_arylation',
    inputs: ['base', 'ligand', 'solvent', 'concentration_M', 'temperature_C'],
    target: 'yield_pct',
  },
  suzuki: {
    file: 'suzuki_b1_two_objective',
    inputs: ['ligand', 'base', 'solvent', 'ligand_equiv'],
    target: 'conversion_pct',
  },
  slump: {
    file: 'concrete_slump',
    inputs: ['cement', 'slag', 'fly_ash', 'water', 'superplasticizer', 'coarse_agg', 'fine_agg'],
    target: 'strength_28d_MPa',
  },
};

/** Splits a simple CSV (no quoted line breaks) into a column by header. */
function readTable(file: string): Map<string, string[]> {
  const [header, ...lines] = readFileSync(join(dataFolder, `${file}.csv`), 'utf8')
    .trimEnd()
    .split(/\r?\n/);
  const cells = (line: string): string[] =>
    [...line.matchAll(/("([^"]*)"|[^,]*)(,|$)/g)].map((match) => match[2] ?? match[1]!);
  const rows = lines.map(cells);
  return new Map(cells(header!).map((name, j) => [name.trim(), rows.map((row) => row[j]!)]));
}

/** A fixed sequence of numbers in [0, 1) from a seed (mulberry32), so that both sides see the same rows. */
export function randomSequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** The first `count` of a random order of 0 .. size-1. */
export function drawRows(size: number, count: number, seed: number): number[] {
  const next = randomSequence(seed);
  const order = Array.from({ length: size }, (_, i) => i);
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(next() * (size - i));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order.slice(0, count);
}

/** The numeric inputs of a table as they are, and its target. */
export function readSource(name: string): { columns: number[][]; target: number[] } {
  const source = sources[name]!;
  const table = readTable(source.file);
  const read = (header: string): number[] => table.get(header)!.map(Number);
  return { columns: source.inputs.map(read), target: read(source.target) };
}

/** A whole table encoded: columns of features, their length scales, and the raw target. */
function encodeSource(name: string): {
  columns: number[][];
  lengthscaleOf: number[];
  target: number[];
} {
  const source = sources[name]!;
  const table = readTable(source.file);
  const target = table.get(source.target)!.map(Number);
  const columns: number[][] = [];
  const lengthscaleOf: number[] = [];
  source.inputs.forEach((input, index) => {
    const cells = table.get(input)!;
    const numbers = cells.map(Number);
    if (numbers.every((value) => Number.isFinite(value))) {
      const low = Math.min(...numbers);
      const high = Math.max(...numbers);
      columns.push(numbers.map((value) => (value - low) / (high - low)));
      lengthscaleOf.push(index);
    } else {
      for (const level of [...new Set(cells)].sort()) {
        columns.push(cells.map((cell) => (cell === level ? 1 : 0)));
        lengthscaleOf.push(index);
      }
    }
  });
  return { columns, lengthscaleOf, target };
}

/** `count` rows of a source, drawn by `seed`. */
export function makeProblem(name: string, count: number, seed: number): Problem {
  const { columns, lengthscaleOf, target } = encodeSource(name);
  const rows = drawRows(target.length, count, seed);
  const y = rows.map((i) => target[i]!);
  const mean = y.reduce((sum, value) => sum + value, 0) / count;
  const sd = Math.sqrt(y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1));
  const features = createMatrix(count, columns.length);
  columns.forEach((column, j) => rows.forEach((i, k) => (columnOf(features, j)[k] = column[i]!)));
  return {
    name: `${name}-${count}-${seed}`,
    features,
    lengthscaleOf: Int32Array.from(lengthscaleOf),
    z: Float64Array.from(y, (value) => (value - mean) / sd),
  };
}

/** The forty problems of the fit comparison, n = 20 .. 1000. */
export function fitProblems(): Problem[] {
  const sizes: Record<string, number[]> = {
    concrete: [20, 40, 80, 160, 320, 640, 1000],
    barrel: [25, 60, 150, 400, 600],
    agnp: [30, 80, 160],
    p3ht: [20, 60, 170],
    oer: [40, 120, 500, 1000],
    reizman: [30, 96, 250],
    lipid: [25, 60, 128],
    arylation: [40, 100, 200, 400, 800],
    suzuki: [24, 90, 350],
    slump: [20, 40, 70, 100],
  };
  return Object.entries(sizes).flatMap(([name, counts]) =>
    counts.map((count, i) => makeProblem(name, count, 1000 + i)),
  );
}
