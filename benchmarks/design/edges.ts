/**
 * Are predictions as sure as they say where nobody has been? Rows are kept apart on purpose, a process is fitted to the
 * others, calibrated on them by cross-validation, and asked for 90 % intervals: of the best fifth of the target after
 * training on the worse four (what a campaign hopes for), of the fifth of rows that lies farthest towards where a
 * straight line through the training rows rises (what it proposes), and of a random fifth.
 * `node benchmarks/design/edges.ts [table ...]`
 */
import { tableOf, type ColumnDescription } from '../../packages/engine/src/conformance/tableOf.ts';
import { fitSurrogates } from '../../packages/engine/src/design/fitSurrogates.ts';
import { takeInputRows } from '../../packages/engine/src/models/inputs.ts';
import { momentsOf, valuesAt } from '../../packages/engine/src/posteriors/operations.ts';
import { createGenerator } from '../../packages/engine/src/random/createGenerator.ts';
import { sessionInputs } from '../../packages/engine/src/session/sessionInputs.ts';
import { readColumns } from './pools.ts';

interface Source {
  readonly inputs: readonly string[];
  readonly target: string;
  /** -1 where less is better. */
  readonly sign: 1 | -1;
}
const sources: { readonly [name: string]: Source } = {
  concrete_uci: {
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
    sign: 1,
  },
  crossed_barrel: { inputs: ['n_struts', 'theta_deg', 'r_mm', 't_mm'], target: 'toughness_J', sign: 1 },
  agnp: {
    inputs: ['q_agno3_pct', 'q_pva_pct', 'q_tsc_pct', 'q_seed_pct', 'q_tot_ul_min'],
    target: 'spectrum_loss',
    sign: -1,
  },
  p3ht_cnt: {
    inputs: ['p3ht_pct', 'cnt_d1_pct', 'cnt_d2_pct', 'cnt_d6_pct', 'cnt_d8_pct'],
    target: 'conductivity_S_cm',
    sign: 1,
  },
};
/** Rows of a table at most, at random, so that a process takes a second. */
const maxRows = 250;
const repeats = 3;
const level = 0.9;
const wanted = process.argv.slice(2);
const figures: Record<string, number> = {};

for (const [name, { inputs, target, sign }] of Object.entries(sources)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const columns = readColumns(name);
  const y = columns.get(target) as number[];
  const schemes: Record<
    string,
    { covered: number; count: number; width: number; square: number; narrow: number }
  > = {};
  for (let repeat = 0; repeat < repeats; repeat++) {
    const generator = createGenerator(`edges/${name}/${repeat}`);
    const rows = [...generator.shuffle(Int32Array.from(y.keys()))].slice(0, maxRows);
    const held = Math.round(rows.length / 5);
    const ordersOf = {
      'best fifth': [...rows].sort((a, b) => sign * (y[b]! - y[a]!)),
      'promising fifth': [...rows].sort(
        (a, b) => sign * (slope(columns, inputs, y, rows, b) - slope(columns, inputs, y, rows, a)),
      ),
      'random fifth': rows,
    };
    for (const [scheme, order] of Object.entries(ordersOf)) {
      const tested = order.slice(0, held);
      const trained = order.slice(held);
      const describe = (some: readonly number[]) => {
        const parts: { [key: string]: ColumnDescription } = {};
        for (const key of inputs) parts[key] = { cells: some.map((i) => columns.get(key)![i]!) };
        parts[target] = { cells: some.map((i) => y[i]!), role: 'target' };
        return tableOf(parts);
      };
      let ticks = 0;
      const fitted = fitSurrogates(
        describe(trained),
        [target],
        [{ name: 'process', kind: 'gaussianProcess', spec: null }],
        [],
        1,
        () => ticks++,
        () => {},
      );
      const surrogate = fitted.surrogates[0]!;
      const all = sessionInputs(describe(tested), fitted.inputs).inputs;
      const posterior = surrogate.predict(takeInputRows(all, Int32Array.from(tested.keys())));
      const width = surrogate.halfWidth(level);
      const lower = valuesAt(posterior, -width);
      const upper = valuesAt(posterior, width);
      const { mean, measurementSd } = momentsOf(posterior);
      const sum = (schemes[scheme] ??= { covered: 0, count: 0, width: 0, square: 0, narrow: Infinity });
      tested.forEach((row, i) => {
        sum.count++;
        if (y[row]! >= lower[i]! && y[row]! <= upper[i]!) sum.covered++;
        sum.width += upper[i]! - lower[i]!;
        sum.square += (mean[i]! - y[row]!) ** 2;
        sum.narrow = Math.min(sum.narrow, measurementSd[i]!);
      });
    }
  }
  for (const [scheme, { covered, count, width, square, narrow }] of Object.entries(schemes)) {
    const share = covered / count;
    figures[`coverage_${name}_${scheme.replace(' ', '_')}`] = Math.round(share * 1000) / 1000;
    const cells = [
      share.toFixed(3),
      (width / count).toPrecision(3),
      Math.sqrt(square / count).toPrecision(3),
    ];
    console.log([name, scheme, ...cells, narrow.toPrecision(3)].join('\t'));
  }
}
console.log(JSON.stringify({ bench: 'design-edges', figures }));

/** Sum of standardised inputs by their correlation with the target: how far up a straight line a row lies. */
function slope(
  columns: ReadonlyMap<string, (number | string | null)[]>,
  inputs: readonly string[],
  y: readonly number[],
  rows: readonly number[],
  row: number,
): number {
  const meanOf = (values: readonly number[]): number =>
    rows.reduce((sum, i) => sum + values[i]!, 0) / rows.length;
  const centreY = meanOf(y);
  return inputs.reduce((sum, key) => {
    const x = columns.get(key) as number[];
    const centre = meanOf(x);
    let product = 0;
    let square = 0;
    for (const i of rows) {
      product += (x[i]! - centre) * (y[i]! - centreY);
      square += (x[i]! - centre) ** 2;
    }
    return square === 0 ? sum : sum + (product / square) * (x[row]! - centre);
  }, 0);
}
