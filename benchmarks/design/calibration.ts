/**
 * Is the probability of meeting all specifications what it says? Held-out rows of tables with several targets, random
 * specifications; predicted probability against the share that met them, in five bins. Rows, not pairs of row and
 * specification, are what scatters: the standard error of a gap is over rows.
 * `node benchmarks/design/calibration.ts [--tables a,b] [--folds 1] [--rows 120]`, the last two for other divisions and
 * for tables cut to that many rows.
 */
import { tableOf, type ColumnDescription } from '../../packages/engine/src/conformance/tableOf.ts';
import { jointProbability } from '../../packages/engine/src/acquisition/jointProbability.ts';
import { meetsCriterion, resolveObjective } from '../../packages/engine/src/acquisition/resolvedObjective.ts';
import { fitSurrogates } from '../../packages/engine/src/design/fitSurrogates.ts';
import { takeInputRows } from '../../packages/engine/src/models/inputs.ts';
import { createGenerator } from '../../packages/engine/src/random/createGenerator.ts';
import { sessionInputs } from '../../packages/engine/src/session/sessionInputs.ts';
import { readColumns } from './pools.ts';

const tables: { readonly [name: string]: { inputs: readonly string[]; targets: readonly string[] } } = {
  concrete_slump: {
    inputs: ['cement', 'slag', 'fly_ash', 'water', 'superplasticizer', 'coarse_agg', 'fine_agg'],
    targets: ['slump_cm', 'flow_cm', 'strength_28d_MPa'],
  },
  suzuki_b1_two_objective: {
    inputs: ['ligand', 'base', 'solvent', 'ligand_equiv'],
    targets: ['conversion_pct', 'selectivity_pct'],
  },
  lnp_cbd: {
    inputs: [
      'drug_input_ug',
      'solid_lipid',
      'solid_lipid_input_ug',
      'liquid_lipid_input_ug',
      'surfactant_input',
    ],
    targets: ['drug_loading', 'encapsulation_efficiency', 'particle_diameter_nm'],
  },
};
const options = new Map<string, string>();
process.argv.slice(2).forEach((word, i, words) => {
  if (word.startsWith('--')) options.set(word.slice(2), words[i + 1] ?? '');
});
const wanted = options.get('tables')?.split(',');
const division = options.get('folds') ?? '';
const maxRows = Number(options.get('rows') ?? Infinity);
const foldCount = 5;
const specifications = 40;
const edges = [0, 0.2, 0.4, 0.6, 0.8, 1];

interface Bin {
  count: number;
  predicted: number;
  met: number;
  /** Pairs and what was met beyond prediction, by row. */
  readonly rows: Map<string, { count: number; excess: number }>;
}
const emptyBins = (): Bin[] =>
  edges.slice(1).map(() => ({ count: 0, predicted: 0, met: 0, rows: new Map() }));
const joint = emptyBins();
const independent = emptyBins();
const normal = emptyBins();

for (const [name, { inputs, targets }] of Object.entries(tables)) {
  if (wanted?.includes(name) === false) continue;
  const columns = readColumns(name);
  const rowCount = columns.get(inputs[0]!)!.length;
  const generator = createGenerator(`calibration/${name}${division}`);
  const order = generator.shuffle(Int32Array.from({ length: rowCount }, (_, i) => i)).slice(0, maxRows);
  const describe = (rows: readonly number[]) => {
    const parts: { [key: string]: ColumnDescription } = {};
    for (const key of inputs) parts[key] = { cells: rows.map((i) => columns.get(key)![i]!) };
    for (const key of targets) parts[key] = { cells: rows.map((i) => columns.get(key)![i]!), role: 'target' };
    return tableOf(parts);
  };
  const own = emptyBins();
  for (let fold = 0; fold < foldCount; fold++) {
    const held = [...order].filter((_, i) => i % foldCount === fold);
    const kept = [...order].filter((_, i) => i % foldCount !== fold);
    let ticks = 0;
    const fitted = fitSurrogates(
      describe(kept),
      targets,
      [{ name: 'process', kind: 'gaussianProcess', spec: null }],
      [],
      1,
      () => ticks++,
      () => {},
    );
    const table = describe(held);
    const all = sessionInputs(table, fitted.inputs).inputs;
    const heldInputs = takeInputRows(all, Int32Array.from(held.keys()));
    const posteriors = fitted.surrogates.map((surrogate) => surrogate.predict(heldInputs));
    const measured = targets.map((key) => held.map((i) => columns.get(key)![i] as number));
    for (let s = 0; s < specifications; s++) {
      const objectives = targets.map((target, t) => {
        const seen = fitted.measured.targets[t]!.slice().sort();
        const at = seen[Math.floor((0.1 + 0.8 * generator.uniform()) * seen.length)]!;
        const operator = generator.uniform() < 0.5 ? ('gte' as const) : ('lte' as const);
        return resolveObjective({ target, goal: 'meet', criterion: { operator, value: at } }, seen, target);
      });
      const found = jointProbability(objectives, posteriors, fitted.errorCorrelation, fitted.errors);
      const withoutShape = jointProbability(objectives, posteriors, fitted.errorCorrelation);
      held.forEach((place, i) => {
        const isMet = objectives.every((objective, t) => meetsCriterion(objective, measured[t]![i]!));
        const row = `${name} ${place}`;
        add(own, found.all![i]!, isMet, row);
        add(joint, found.all![i]!, isMet, row);
        add(independent, found.independent![i]!, isMet, row);
        add(normal, withoutShape.all![i]!, isMet, row);
      });
    }
  }
  print(name, own);
}
print('all, joint', joint);
print('all, independent', independent);
print('all, joint, margins of the posteriors', normal);
const worst = joint.reduce((a, b) => (Math.abs(gap(b)) > Math.abs(gap(a)) ? b : a));
const figures = { largest_gap_joint: Math.abs(gap(worst)), its_standard_error: standardError(worst) };
console.log(JSON.stringify({ bench: 'design-calibration', figures }));

function add(bins: Bin[], probability: number, isMet: boolean, row: string): void {
  const bin = bins[Math.min(bins.length - 1, Math.floor(probability * bins.length))]!;
  bin.count++;
  bin.predicted += probability;
  bin.met += isMet ? 1 : 0;
  const own = bin.rows.get(row) ?? { count: 0, excess: 0 };
  own.count++;
  own.excess += (isMet ? 1 : 0) - probability;
  bin.rows.set(row, own);
}

function gap({ count, predicted, met }: Bin): number {
  return count === 0 ? 0 : (met - predicted) / count;
}

/** Of the gap, rows being independent and the pairs of one row not. */
function standardError(bin: Bin): number {
  const mean = gap(bin);
  let squares = 0;
  for (const { count, excess } of bin.rows.values()) squares += (excess - mean * count) ** 2;
  return Math.sqrt(squares) / Math.max(1, bin.count);
}

function print(name: string, bins: readonly Bin[]): void {
  const cells = bins.map(
    (bin) =>
      `${(bin.predicted / bin.count).toFixed(3)}→${(bin.met / bin.count).toFixed(3)} ±${standardError(bin).toFixed(3)} (${bin.count})`,
  );
  console.log([name, ...cells].join('\t'));
}
