import { decodePlainData } from '../artifact/decodePlainData.ts';
import { encodePlainData } from '../artifact/encodePlainData.ts';
import { EngineError } from '../engineError.ts';
import type { FitData } from '../models/model.ts';
import type { RegisteredModel } from '../models/registry.ts';
import { takeInputRows, type Inputs } from '../models/inputs.ts';
import type { PlainData } from '../plainData.ts';
import { momentsOf, rowCountOf } from '../posteriors/operations.ts';
import type { Posterior } from '../posteriors/posterior.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { rmse } from '../scores/rmse.ts';
import { corruptions } from './corruptions.ts';
import { categoricalInput, fitData, inputsOf, numericInput, sampleTable } from './sampleTable.ts';

/** One demand on every model; `run` throws an Error that says what was wrong. */
export interface ModelCheck {
  /** Name by which a model may claim an exemption, with a reason. */
  readonly name: string;
  /** The demand as a sentence, without its subject. */
  readonly demand: string;
  run(model: RegisteredModel): void;
}

function demand(condition: boolean, complaint: string): asserts condition {
  if (!condition) throw new Error(complaint);
}

function fit(model: RegisteredModel, data: FitData, seed = 1): PlainData {
  return model.fit(data, model.defaultSpec, createGenerator(seed)).fitted;
}

/** Predicts and checks what every posterior owes: size, finite numbers, spread above zero. */
function predict(model: RegisteredModel, fitted: PlainData, inputs: Inputs): Posterior {
  const posterior = model.predict(fitted, inputs);
  demand(rowCountOf(posterior) === inputs.rowCount, 'the posterior has another number of rows');
  const { mean, modelSd, measurementSd } = momentsOf(posterior);
  for (let i = 0; i < inputs.rowCount; i++) {
    const numbers = `row ${i}: mean ${mean[i]}, sd ${modelSd[i]} and ${measurementSd[i]}`;
    demand(
      [mean, modelSd, measurementSd].every((cells) => Number.isFinite(cells[i]!)),
      numbers,
    );
    demand(modelSd[i]! >= 0 && measurementSd[i]! > 0 && measurementSd[i]! >= modelSd[i]!, numbers);
  }
  return posterior;
}

const meansOf = (posterior: Posterior): Float64Array => momentsOf(posterior).mean;
const spreadsOf = (posterior: Posterior): Float64Array => momentsOf(posterior).measurementSd;

function equalCells(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

function equalBytes(a: PlainData, b: PlainData): boolean {
  const left = encodePlainData(a);
  const right = encodePlainData(b);
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

/** A table of the sample's shape with `change` applied to its numeric cells. */
function mapNumbers(inputs: Inputs, change: (value: number) => number): Inputs {
  const columns = inputs.columns.map((input) =>
    input.column.kind === 'numeric'
      ? { ...input, column: { ...input.column, values: input.column.values.map(change) } }
      : input,
  );
  return { ...inputs, columns };
}

/** Standard deviation of the sample table's target. */
const sampleSpread = 3.7;

/** What every registered model must do, whoever wrote it. */
export const modelConformance: readonly ModelCheck[] = [
  {
    name: 'learns',
    demand: 'learns a linear signal far better than the mean does',
    run(model) {
      const test = sampleTable(200, 2);
      const error = rmse(meansOf(predict(model, fit(model, sampleTable(80, 1)), test.inputs)), test.y);
      demand(error < 0.6 * sampleSpread, `RMSE ${error} where the mean has ${sampleSpread}`);
    },
  },
  {
    name: 'honest',
    demand: 'knows how far a new measurement scatters',
    run(model) {
      const test = sampleTable(300, 4);
      const posterior = predict(model, fit(model, sampleTable(80, 3)), test.inputs);
      const spread = spreadsOf(posterior);
      const covered = meansOf(posterior).filter(
        (mean, i) => Math.abs(test.y[i]! - mean) < 1.645 * spread[i]!,
      );
      const share = covered.length / test.y.length;
      demand(share > 0.6, `90 % intervals cover ${share}`);
      demand(Math.max(...spread) < 4 * sampleSpread, `sd ${Math.max(...spread)} within the data`);
    },
  },
  {
    name: 'candidates',
    demand: 'ranks candidates by nearly what it predicts',
    run(model) {
      if (model.predictCandidates === undefined) return;
      const fitted = fit(model, sampleTable(130, 11));
      const { inputs } = sampleTable(300, 12);
      const exact = momentsOf(predict(model, fitted, inputs));
      const rough = momentsOf(model.predictCandidates(fitted, inputs));
      for (const of of ['mean', 'modelSd', 'measurementSd'] as const) {
        const spread = of === 'mean' ? exact.measurementSd : exact[of];
        const worst = exact[of].reduce(
          (most, value, i) => Math.max(most, Math.abs(rough[of][i]! - value) / spread[i]!),
          0,
        );
        demand(worst < 1e-3, `${of} differs by ${worst} standard deviations`);
      }
    },
  },
  {
    name: 'widens',
    demand: 'is less sure far away than among its data',
    run(model) {
      const data = sampleTable(60, 5);
      const fitted = fit(model, data);
      const near = spreadsOf(predict(model, fitted, data.inputs));
      const far = spreadsOf(
        predict(
          model,
          fitted,
          mapNumbers(data.inputs, (value) => value * 100),
        ),
      );
      demand(
        far.every((sd, i) => sd >= near[i]!),
        'some row is surer at a hundredfold of its inputs',
      );
    },
  },
  {
    name: 'repeatable',
    demand: 'gives the same bytes for the same data, spec and seed, and leaves its arguments alone',
    run(model) {
      const data = sampleTable(40, 6);
      const before = encodePlainData(data as unknown as PlainData);
      demand(equalBytes(fit(model, data), fit(model, data)), 'two fits differ');
      const after = encodePlainData(data as unknown as PlainData);
      demand(
        before.every((byte, i) => byte === after[i]),
        'fitting changed the data',
      );
    },
  },
  {
    name: 'storable',
    demand: 'predicts bit by bit the same after it was stored and read',
    run(model) {
      const data = sampleTable(40, 7);
      const fitted = fit(model, data);
      const read = model.check(decodePlainData(encodePlainData(fitted)));
      const a = predict(model, fitted, data.inputs);
      const b = predict(model, read, data.inputs);
      demand(equalBytes(a, b), 'predictions differ');
    },
  },
  {
    name: 'checks',
    demand: 'refuses stored data with something missing, cut off, of another type or not finite',
    run(model) {
      const fitted = fit(model, sampleTable(30, 8));
      for (const { what, data } of corruptions(fitted)) {
        let refusal: unknown = null;
        try {
          model.check(data);
        } catch (error) {
          refusal = error;
        }
        demand(
          refusal instanceof EngineError && refusal.code === 'ARTIFACT_INVALID',
          `${what}: ${refusal === null ? 'accepted' : String(refusal)}`,
        );
      }
    },
  },
  {
    name: 'rowOrder',
    demand: 'does not depend on the order of its training rows beyond rounding',
    run(model) {
      const data = sampleTable(50, 9);
      const order = createGenerator('row order').shuffle(Int32Array.from(data.y.keys()));
      const shuffled: FitData = {
        inputs: takeInputRows(data.inputs, order),
        y: Float64Array.from(order, (i) => data.y[i]!),
        groups: order.map((i) => data.groups[i]!),
      };
      const test = sampleTable(20, 10).inputs;
      const a = predict(model, fit(model, data), test);
      const b = predict(model, fit(model, shuffled), test);
      const difference = Math.max(
        largestDifference(meansOf(a), meansOf(b)),
        largestDifference(spreadsOf(a), spreadsOf(b)),
      );
      demand(difference < 1e-4 * sampleSpread, `predictions differ by ${difference}`);
    },
  },
  {
    name: 'columnOrder',
    demand: 'does not depend on the order of its columns at all',
    run(model) {
      const data = sampleTable(40, 11);
      const reversed: FitData = {
        ...data,
        inputs: { ...data.inputs, columns: [...data.inputs.columns].reverse() },
      };
      demand(equalBytes(fit(model, data), fit(model, reversed)), 'fits differ');
      const fitted = fit(model, data);
      demand(
        equalBytes(predict(model, fitted, data.inputs), predict(model, fitted, reversed.inputs)),
        'predictions differ',
      );
    },
  },
  {
    name: 'rowsApart',
    demand: 'predicts rows together exactly as apart, also one row and none',
    run(model) {
      const fitted = fit(model, sampleTable(40, 12));
      const { inputs } = sampleTable(9, 13);
      const together = momentsOf(predict(model, fitted, inputs));
      for (let i = 0; i < inputs.rowCount; i++) {
        const alone = momentsOf(predict(model, fitted, takeInputRows(inputs, Int32Array.of(i))));
        for (const part of ['mean', 'modelSd', 'measurementSd'] as const)
          demand(
            equalCells(alone[part], together[part].subarray(i, i + 1)),
            `${part} of row ${i} is ${alone[part][0]} alone and ${together[part][i]} among others`,
          );
      }
      predict(model, fitted, takeInputRows(inputs, new Int32Array(0)));
    },
  },
  {
    name: 'gaps',
    demand: 'copes with unseen levels and missing cells',
    run(model) {
      const fitted = fit(model, sampleTable(40, 14));
      const rows = inputsOf(
        3,
        numericInput('a', [NaN, 0.5, NaN]),
        numericInput('b', [0.5, NaN, NaN]),
        numericInput('c', [0.5, 0.5, NaN]),
        categoricalInput('color', ['ultraviolet', null, null]),
      );
      predict(model, fitted, rows);
      const data = sampleTable(40, 15);
      const holes = mapNumbers(data.inputs, (value) => (value < 0.25 ? NaN : value));
      predict(model, fit(model, { ...data, inputs: holes }), rows);
    },
  },
  {
    name: 'emptyColumns',
    demand: 'copes with constant and empty columns, and with nothing else',
    run(model) {
      const data = sampleTable(30, 16);
      const n = data.inputs.rowCount;
      const useless = [
        numericInput('same', new Float64Array(n).fill(7)),
        numericInput('empty', new Float64Array(n).fill(NaN)),
        categoricalInput('one level', Array<string>(n).fill('x')),
        categoricalInput('no level', Array<null>(n).fill(null)),
      ];
      const more = { ...data.inputs, columns: [...data.inputs.columns, ...useless] };
      predict(model, fit(model, { ...data, inputs: more }), more);
      const only = { rowCount: n, columns: useless };
      predict(model, fit(model, { ...data, inputs: only }), only);
    },
  },
  {
    name: 'duplicates',
    demand: 'copes with repeated rows and repeated columns',
    run(model) {
      const data = sampleTable(20, 17);
      const order = Int32Array.from({ length: 60 }, (_, i) => i % 20);
      const columns = takeInputRows(data.inputs, order).columns;
      const copies = columns.map((input) => ({
        ...input,
        column: { ...input.column, key: `${input.column.key} again` },
      }));
      const inputs = { rowCount: 60, columns: [...columns, ...copies] };
      const fitted = fit(model, {
        inputs,
        y: Float64Array.from(order, (i) => data.y[i]!),
        groups: order,
      });
      predict(model, fitted, inputs);
    },
  },
  {
    name: 'wide',
    demand: 'copes with fewer rows than columns, and with two rows',
    run(model) {
      for (const n of [2, 3, 6]) {
        const generator = createGenerator(`wide ${n}`);
        const columns = Array.from({ length: 20 }, (_, j) =>
          numericInput(
            `x${j}`,
            Array.from({ length: n }, () => generator.normal()),
          ),
        );
        const data = fitData(
          inputsOf(n, ...columns),
          Array.from({ length: n }, () => generator.normal()),
        );
        predict(model, fit(model, data), data.inputs);
      }
    },
  },
  {
    name: 'constantTarget',
    demand: 'copes with a target that does not vary in the rows it gets',
    run(model) {
      for (const value of [0, 5, -1e-300]) {
        const data = sampleTable(20, 18);
        predict(model, fit(model, { ...data, y: new Float64Array(20).fill(value) }), data.inputs);
      }
    },
  },
  {
    name: 'scales',
    demand: 'learns the same from targets and inputs of any scale',
    run(model) {
      const data = sampleTable(60, 19);
      const test = sampleTable(60, 20);
      const usual = meansOf(predict(model, fit(model, data), test.inputs));
      for (const scale of [1e300, 1e-300, 1e12, 1e-12]) {
        const y = data.y.map((value) => value * scale);
        const scaled = meansOf(predict(model, fit(model, { ...data, y }), test.inputs));
        const difference = largestDifference(
          scaled.map((mean) => mean / scale),
          usual,
        );
        demand(difference < 1e-3 * sampleSpread, `target times ${scale}: means differ by ${difference}`);
        const inputs = (rows: Inputs): Inputs => mapNumbers(rows, (value) => value * scale);
        const stretched = meansOf(
          predict(model, fit(model, { ...data, inputs: inputs(data.inputs) }), inputs(test.inputs)),
        );
        const stretch = largestDifference(stretched, usual);
        demand(stretch < 1e-3 * sampleSpread, `inputs times ${scale}: means differ by ${stretch}`);
      }
      const subnormal = data.y.map((value) => value * 1e-321);
      predict(model, fit(model, { ...data, y: subnormal }), test.inputs);
      const beside = inputsOf(
        60,
        numericInput(
          'large',
          (data.inputs.columns[0]!.column as { values: Float64Array }).values.map((x) => x * 1e12),
        ),
        numericInput(
          'small',
          (data.inputs.columns[1]!.column as { values: Float64Array }).values.map((x) => x * 1e-12),
        ),
        numericInput(
          'mixed',
          data.y.map((_, i) => [1e300, -1e300, 1e-320, 0][i % 4]!),
        ),
      );
      predict(model, fit(model, { ...data, inputs: beside }), beside);
    },
  },
  {
    name: 'plans',
    demand: 'has a plain default spec, a positive estimate of its time, and starts again from what it found',
    run(model) {
      model.checkSpec?.(model.defaultSpec, sampleTable(5, 1).inputs.columns);
      const spec = JSON.stringify(model.defaultSpec);
      demand(spec === JSON.stringify(JSON.parse(spec)), 'the default spec is not JSON');
      for (const [n, d] of [
        [5, 1],
        [1000, 10],
        [100_000, 300],
      ] as const) {
        const seconds = model.estimateFitSeconds(n, d);
        demand(Number.isFinite(seconds) && seconds > 0, `${seconds} s for ${n} x ${d}`);
      }
      if (model.warmStart === undefined) return;
      const data = sampleTable(40, 21);
      const warm = model.warmStart(model.defaultSpec, fit(model, data));
      const { fitted } = model.fit(data, warm, createGenerator(2));
      predict(model, fitted, data.inputs);
    },
  },
];
