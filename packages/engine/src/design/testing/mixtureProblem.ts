import type { InputRow, SearchSpace } from '@athanor/schema';
import { createSurrogate, type Surrogate } from '../../acquisition/surrogate.ts';
import type { Inputs } from '../../models/inputs.ts';
import { findModel } from '../../models/registry.ts';
import type { PlainData } from '../../plainData.ts';
import { createGenerator } from '../../random/createGenerator.ts';
import { compileSpace } from '../../space/compileSpace.ts';
import type { LinearSolver } from '../../space/linearSolver.ts';
import { pointToRow } from '../../space/pointToRow.ts';
import { samplePoints } from '../../space/samplePoints.ts';
import type { MeasuredRows } from '../designRequest.ts';

/** A made-up formulation: a space, measured rows and models of three targets. */
export interface MixtureProblem {
  readonly space: SearchSpace;
  readonly measured: MeasuredRows;
  readonly surrogates: readonly Surrogate[];
  /** The true targets of a row. */
  truth(row: InputRow): number[];
}

/**
 * Ingredients that add up to 100, few used at a time, each for good; targets are smooth in the amounts.
 *
 * @param kind of the models; several joined by plus signs make an ensemble of equal weights
 */
export function mixtureProblem(
  solver: LinearSolver,
  ingredientCount: number,
  mostUsed: number,
  rowCount: number,
  kind = 'gaussianProcess',
): MixtureProblem {
  const keys = Array.from({ length: ingredientCount }, (_, j) => `ingredient ${j + 1}`);
  const space: SearchSpace = {
    variables: keys.map((key, j) => ({
      kind: 'amount',
      key,
      lower: 0,
      upper: 60,
      step: 0.1,
      classes: [j % 3 === 0 ? 'resin' : 'filler'],
    })),
    constraints: [
      { kind: 'total', value: 100 },
      { kind: 'count', max: mostUsed },
      { kind: 'minimumIfUsed', value: 2 },
      { kind: 'classTotal', class: 'resin', min: 20, max: 60 },
      { kind: 'budget', prices: Object.fromEntries(keys.map((key, j) => [key, 1 + (j % 5)])), max: 3.6 },
    ],
  };
  const generator = createGenerator('mixture problem');
  const slopes = keys.map(() => [generator.normal(), generator.normal(), generator.normal()]);
  const truth = (row: InputRow): number[] => {
    const shares = keys.map((key) => Number(row[key]) / 100);
    return [0, 1, 2].map((t) => {
      let linear = 0;
      shares.forEach((share, j) => (linear += slopes[j]![t]! * share));
      return 50 + 20 * linear + 15 * Math.sin(3 * linear + t) * shares[t]!;
    });
  };
  const compiled = compileSpace(space);
  const set = samplePoints(compiled, solver, generator.split('rows'), { count: rowCount });
  const rows = Array.from({ length: set.count }, (_, i) => pointToRow(compiled, set.at(i)));
  const inputs: Inputs = {
    rowCount: rows.length,
    columns: keys.map((key) => ({
      column: { kind: 'numeric', key, values: Float64Array.from(rows, (row) => Number(row[key])) },
      bounds: null,
      isAmount: true,
    })),
  };
  const noise = generator.split('noise');
  const measuredTargets = rows.map((row) => truth(row).map((value) => value + noise.normal()));
  const targets = [0, 1, 2].map((t) => Float64Array.from(measuredTargets, (values) => values[t]!));
  const kinds = kind.split('+');
  const surrogates = targets.map((y, t) => {
    const groups = Int32Array.from({ length: y.length }, (_, i) => i);
    const members = kinds.map((one) => {
      const model = findModel(one);
      const spec = model.defaultSpec as PlainData;
      const { fitted } = model.fit({ inputs, y, groups }, spec, generator.split(`fit ${t}`));
      return { kind: one, name: one, weight: 1 / kinds.length, scale: 1, fitted };
    });
    const key = `target ${t + 1}`;
    if (kinds.length === 1) return createSurrogate(key, kind, members[0]!.fitted, 1);
    return createSurrogate(key, 'ensemble', { members }, 1);
  });
  return {
    space,
    measured: { inputs, targets, tableRows: Int32Array.from(rows, (_, i) => i + 1) },
    surrogates,
    truth,
  };
}
