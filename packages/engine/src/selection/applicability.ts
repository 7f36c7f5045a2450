import { columnOf, type Matrix } from '../linalg/matrix.ts';
import type { Inputs } from '../models/inputs.ts';
import type { PlainDataReader } from '../plainDataReader.ts';
import { spearman } from '../scores/spearman.ts';
import { checkInputEncoder } from '../transforms/checkInputEncoder.ts';
import { encodeInputs } from '../transforms/encodeInputs.ts';
import { describeColumns, fitInputEncoder, type InputEncoder } from '../transforms/inputEncoder.ts';

/**
 * Where a model may be trusted: how far a row is from the experiments, in the space of the encoded inputs, where every
 * range is about 1 and any two levels are 1 apart.
 */
export type Applicability = {
  readonly encoder: InputEncoder;
  /** Encoded experiments, one after the other [n * d]. */
  readonly features: Float64Array;
  /** Row of each experiment in the table, from 1 on [n]. */
  readonly rows: Int32Array;
  /** Distance to the three nearest experiments of other groups that 95 % of the experiments stay below; > 0. */
  readonly usual: number;
  /** Whether held-out experiments that were farther from the others were predicted worse: else the score says nothing. */
  readonly isInformative: boolean;
};

/** How near predicted rows are to the experiments. */
export interface Nearness {
  /** 1 near the experiments, 0 far from all of them [m]. */
  readonly score: Float64Array;
  /** Distance to the three nearest over the usual one [m]. */
  readonly ratio: Float64Array;
  /** Index of the nearest experiment [m]. */
  readonly nearest: Int32Array;
  /** Distance to it [m]. */
  readonly distance: Float64Array;
  /** Key of the input in which it is farthest [m]. */
  readonly farthestInput: readonly (string | null)[];
}

/** Scores below this are outside, from `insideScore` on inside, between them at the edge. */
export const outsideScore = 0.3;
export const insideScore = 0.7;

/** A single near experiment may be an accident; three are a neighbourhood. */
const neighbourCount = 3;
const usualShare = 0.95;
/** Experiments kept at most: more make predictions slower and neighbourhoods no clearer. */
const maxExperiments = 2000;
/** One-sided 95 % of the normal distribution, for the rank correlation of distance and error. */
const significance = 1.645;

/**
 * @param inputs experiments [n]
 * @param groups rows that belong together are no neighbours of each other [n]
 * @param tableRows rows of the table, from 0 on [n]
 * @param errors absolute errors of the experiments while they were held out, NaN where there are none [n]
 */
export function fitApplicability(
  inputs: Inputs,
  groups: Int32Array,
  tableRows: Int32Array,
  errors: Float64Array,
): Applicability {
  const encoder = fitInputEncoder(inputs, { missing: 'impute' });
  const X = rowsOf(encodeInputs(encoder, inputs));
  const step = Math.ceil(inputs.rowCount / maxExperiments);
  const kept = Int32Array.from(groups.keys()).filter((i) => i % step === 0);
  const d = describeColumns(encoder).length;
  const distances = Float64Array.from(kept, (i) =>
    meanOfNearest(X, d, i, (j) => j % step === 0 && groups[j] !== groups[i]),
  );
  const sorted = distances.slice().sort();
  const usual = sorted[Math.floor(usualShare * (sorted.length - 1))]!;
  const known = [...kept.keys()].filter((k) => !Number.isNaN(errors[kept[k]!]!));
  const correlation = spearman(
    Float64Array.from(known, (k) => distances[k]!),
    Float64Array.from(known, (k) => errors[kept[k]!]!),
  );
  const groupCount = new Set(known.map((k) => groups[kept[k]!]!)).size;
  const features = new Float64Array(kept.length * d);
  kept.forEach((i, k) => features.set(X.subarray(i * d, (i + 1) * d), k * d));
  return {
    encoder,
    features,
    rows: Int32Array.from(kept, (i) => tableRows[i]! + 1),
    usual: usual > 0 ? usual : 1,
    isInformative:
      correlation !== null && correlation * Math.sqrt(Math.max(0, groupCount - 1)) > significance,
  };
}

/** The score is 1 up to 0.8 of the usual distance and 0 from twice it on: below 0.3 outside, from 0.7 on inside. */
export function measureNearness({ encoder, features, rows, usual }: Applicability, inputs: Inputs): Nearness {
  const d = describeColumns(encoder).length;
  const columns = describeColumns(encoder);
  const X = rowsOf(encodeInputs(encoder, inputs));
  const m = inputs.rowCount;
  const score = new Float64Array(m);
  const ratio = new Float64Array(m);
  const nearest = new Int32Array(m);
  const distance = new Float64Array(m);
  const farthestInput: (string | null)[] = [];
  const best = new Float64Array(Math.min(neighbourCount, rows.length));
  for (let i = 0; i < m; i++) {
    best.fill(Infinity);
    // Every prediction passes here: the row is copied and the bound kept in a variable, which is several times as fast.
    const row = X.slice(i * d, (i + 1) * d);
    let bound = Infinity;
    for (let k = 0, at = 0; k < rows.length; k++) {
      let square = 0;
      for (let j = 0; j < d; j++, at++) {
        const gap = row[j]! - features[at]!;
        square += gap * gap;
      }
      if (square >= bound) continue;
      if (square < best[0]!) nearest[i] = k;
      insert(best, square);
      bound = best[best.length - 1]!;
    }
    distance[i] = Math.sqrt(best[0]!);
    const mean = best.reduce((sum, square) => sum + Math.sqrt(square), 0) / best.length;
    ratio[i] = mean / usual;
    score[i] = 1 - Math.min(1, Math.max(0, (ratio[i]! - 0.8) / 1.2));
    let largest = 0;
    let farthest: string | null = null;
    for (let j = 0; j < d; j++) {
      const gap = Math.abs(X[i * d + j]! - features[nearest[i]! * d + j]!);
      if (gap > largest) [largest, farthest] = [gap, columns[j]!.key];
    }
    farthestInput.push(farthest);
  }
  return { score, ratio, nearest, distance, farthestInput };
}

/** @throws EngineError with code ARTIFACT_INVALID */
export function checkApplicability(reader: PlainDataReader): Applicability {
  const encoder = checkInputEncoder(reader.field('encoder'));
  const rows = reader.field('rows').int32(undefined, { min: 1 });
  if (rows.length === 0) throw reader.field('rows').fail('must name an experiment');
  return {
    encoder,
    rows,
    features: reader.field('features').float64(rows.length * describeColumns(encoder).length),
    usual: reader.field('usual').number({ min: Number.MIN_VALUE }),
    isInformative: reader.field('isInformative').boolean(),
  };
}

/** Mean distance of row i of X [n * d] to its nearest rows among those allowed; 0 when there are none. */
function meanOfNearest(X: Float64Array, d: number, i: number, isAllowed: (j: number) => boolean): number {
  const best = new Float64Array(neighbourCount).fill(Infinity);
  const n = d === 0 ? 0 : X.length / d;
  for (let j = 0; j < n; j++) {
    if (!isAllowed(j)) continue;
    const square = squaredDistance(X, i * d, X, j * d, d, best.at(-1)!);
    if (square < best.at(-1)!) insert(best, square);
  }
  const found = best.filter((square) => square < Infinity);
  return found.length === 0 ? 0 : found.reduce((sum, square) => sum + Math.sqrt(square), 0) / found.length;
}

/** Gives up once the sum exceeds `limit`. */
function squaredDistance(
  a: Float64Array,
  fromA: number,
  b: Float64Array,
  fromB: number,
  d: number,
  limit: number,
): number {
  let square = 0;
  for (let j = 0; j < d && square < limit; j++) square += (a[fromA + j]! - b[fromB + j]!) ** 2;
  return square;
}

/** Puts a value into its place in an ascending list, whose last one goes. */
function insert(best: Float64Array, value: number): void {
  let at = best.length - 1;
  for (; at > 0 && best[at - 1]! > value; at--) best[at] = best[at - 1]!;
  best[at] = value;
}

/** Cells row after row [n * d]. */
function rowsOf(X: Matrix): Float64Array {
  const { rowCount: n, columnCount: d } = X;
  const rows = new Float64Array(n * d);
  for (let j = 0; j < d; j++) columnOf(X, j).forEach((x, i) => (rows[i * d + j] = x));
  return rows;
}
