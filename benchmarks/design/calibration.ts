/**
 * Is the probability of meeting all specifications what it says? Held-out rows of tables with several targets, random
 * specifications; predicted probability against the share that met them, in five bins.
 * `node benchmarks/design/calibration.ts`
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
const foldCount = 5;
const specifications = 40;
const edges = [0, 0.2, 0.4, 0.6, 0.8, 1];

interface Bin {
  count: number;
  predicted: number;
  met: number;
}
const emptyBins = (): Bin[] => edges.slice(1).map(() => ({ count: 0, predicted: 0, met: 0 }));
const joint = emptyBins();
const independent = emptyBins();

for (const [name, { inputs, targets }] of Object.entries(tables)) {
  const columns = readColumns(name);
  const rowCount = columns.get(inputs[0]!)!.length;
  const generator = createGenerator(`calibration/${name}`);
  const order = generator.shuffle(Int32Array.from({ length: rowCount }, (_, i) => i));
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
      held.forEach((_, i) => {
        const isMet = objectives.every((objective, t) => meetsCriterion(objective, measured[t]![i]!));
        add(own, found.all![i]!, isMet);
        add(joint, found.all![i]!, isMet);
        add(independent, found.independent![i]!, isMet);
      });
    }
  }
  print(name, own);
}
print('all, joint', joint);
print('all, independent', independent);
const worst = Math.max(...joint.map((bin) => Math.abs(gap(bin))));
console.log(JSON.stringify({ bench: 'design-calibration', figures: { largest_gap_joint: worst } }));

function add(bins: Bin[], probability: number, isMet: boolean): void {
  const bin = bins[Math.min(bins.length - 1, Math.floor(probability * bins.length))]!;
  bin.count++;
  bin.predicted += probability;
  bin.met += isMet ? 1 : 0;
}

function gap({ count, predicted, met }: Bin): number {
  return count === 0 ? 0 : (met - predicted) / count;
}

function print(name: string, bins: readonly Bin[]): void {
  const cells = bins.map(
    (bin) => `${(bin.predicted / bin.count).toFixed(3)}→${(bin.met / bin.count).toFixed(3)} (${bin.count})`,
  );
  console.log([name, ...cells].join('\t'));
}
