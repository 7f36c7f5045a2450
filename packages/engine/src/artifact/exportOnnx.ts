import { EngineError } from '../engineError.ts';
import { findPredictor } from '../models/predictors.ts';
import { encodeOnnx } from '../onnx/encodeOnnx.ts';
import { GraphBuilder, type GraphValue } from '../onnx/graphBuilder.ts';
import type { Tensor } from '../onnx/tensor.ts';
import {
  momentsInGraph,
  valueInGraph,
  widenInGraph,
  type PosteriorGraph,
} from '../posteriors/posteriorGraph.ts';
import { halfWidth } from '../selection/calibration.ts';
import { closeAmountsInGraph } from '../transforms/closeAmountsInGraph.ts';
import { placeOfText, type InputGraph } from '../transforms/inputGraph.ts';
import { farLimits } from './farLimits.ts';
import type { ModelInput, ModelTarget, SessionModel } from './sessionModel.ts';

/** Nominal coverage of the interval in the file. */
const level = 0.9;

/**
 * A model as an ONNX file that predicts alone: doubles throughout, with encodings, warps and calibration in it, and with
 * the same wider intervals for rows that the model knows little of as `predictRows` gives.
 *
 * Inputs are the columns of the table by key, each [rows, 1]: numbers as doubles, missing ones NaN; categories as text,
 * missing ones empty. For each target there are `<target>.mean`, `.sd`, `.lower90` and `.upper90` [rows, 1].
 *
 * @throws EngineError MODEL_NOT_EXPORTABLE when the model is of a kind that ONNX cannot hold, or reads molecules
 */
export function exportOnnx(model: SessionModel): Uint8Array<ArrayBuffer> {
  const molecular = model.inputs.find(({ molecules }) => molecules !== null);
  if (molecular !== undefined)
    throw new EngineError(
      'MODEL_NOT_EXPORTABLE',
      `${model.name} reads molecules in ${molecular.key}, for which ONNX has no operators`,
      { column: molecular.key },
    );
  const graph = new GraphBuilder();
  const inputs = declareInputs(graph, model);
  const isFlagged = flagInGraph(graph, model.inputs, inputs);
  const taken = new Set(inputs.columns.keys());
  for (const target of model.targets) {
    const { mean, posterior } = predictInGraph(graph, model, target, inputs, isFlagged);
    const { sd } = momentsInGraph(graph, posterior);
    const width = halfWidth(target.calibration, level);
    const outputs = {
      mean,
      sd,
      lower90: valueInGraph(graph, posterior, -width),
      upper90: valueInGraph(graph, posterior, width),
    };
    for (const [what, value] of Object.entries(outputs)) {
      let name = `${target.key}.${what}`;
      while (taken.has(name)) name += '_';
      taken.add(name);
      graph.output({ name, type: 'float64', shape: ['rows', 1] }, value);
    }
  }
  const { version = '', ...provenance } = model.provenance;
  return encodeOnnx(graph.finish(), {
    producerVersion: version,
    documentation: describe(model),
    metadata: { ...provenance, model: model.name, kind: model.kind },
  });
}

function describe({ name, targets }: SessionModel): string {
  const units = targets.map(({ key, unit }) => (unit === null ? key : `${key} [${unit}]`));
  return (
    `${name} for ${units.join(', ')}. Inputs are columns [rows, 1]: numbers as doubles (NaN where missing), categories as ` +
    'text (empty where missing). For each target: mean, sd of a new measurement, and the interval that covers 90 % of new ' +
    'measurements.'
  );
}

/** The columns, with the amounts of a closed composition filled up. */
function declareInputs(graph: GraphBuilder, model: SessionModel): InputGraph {
  const columns = new Map(
    model.inputs.map(({ key, levels }): [string, GraphValue] => [
      key,
      graph.input({ name: key, type: levels === null ? 'float64' : 'text', shape: ['rows', 1] }),
    ]),
  );
  const first = model.inputs.find(({ isNeeded }) => isNeeded) ?? model.inputs[0]!;
  const shape = graph.apply('Shape', [columns.get(first.key)!]);
  const zero: Tensor = { type: 'float64', shape: [1], cells: new Float64Array(1) };
  const zeros = graph.apply('ConstantOfShape', [shape], { value: zero });
  if (model.closure === null) return { columns, zeros };
  const amounts = model.inputs
    .filter(({ type, levels }) => type === 'material_amount' && levels === null)
    .map(({ key }) => key);
  return { columns: closeAmountsInGraph(graph, columns, amounts, model.closure), zeros };
}

/** Whether a row has a cell that the model knows little of [m, 1]: missing, never seen, or far outside the range. */
function flagInGraph(graph: GraphBuilder, known: readonly ModelInput[], { columns }: InputGraph): GraphValue {
  const flags = known.flatMap(({ key, range, levels, isNeeded }): GraphValue[] => {
    const cells = columns.get(key)!;
    if (levels !== null) {
      // Levels, missing, never seen.
      const place = placeOfText(graph, cells, [...levels, '']);
      const highest = levels.length - (isNeeded ? 1 : 0);
      const count = graph.constant({ type: 'int64', shape: [], cells: [highest] });
      const isUnseen = graph.apply('Greater', [place, count]);
      return [isUnseen];
    }
    const flagsOfColumn: GraphValue[] = [];
    if (range !== null) {
      const { lowerHalf, upperHalf } = farLimits(range);
      const half = graph.multiply(0.5, cells);
      flagsOfColumn.push(graph.isLess(half, lowerHalf), graph.isLess(upperHalf, half));
    }
    if (isNeeded) flagsOfColumn.push(graph.isMissing(cells));
    return flagsOfColumn;
  });
  return graph.any(flags);
}

/**
 * The calibrated posterior of a target, as wide as any among the training rows where the row is flagged, and the mean it
 * has before it is widened.
 */
function predictInGraph(
  graph: GraphBuilder,
  { kind, name }: SessionModel,
  { fitted, calibration, widestSd }: ModelTarget,
  inputs: InputGraph,
  isFlagged: GraphValue,
): { readonly mean: GraphValue; readonly posterior: PosteriorGraph } {
  const { predictInGraph: predict } = findPredictor(kind);
  if (predict === undefined)
    throw new EngineError('MODEL_NOT_EXPORTABLE', `${name} has parts that ONNX has no operators for`);
  const calibrated = widenInGraph(graph, predict(fitted, graph, inputs), calibration.scale);
  const { mean, sd } = momentsInGraph(graph, calibrated);
  const factor = graph.where(isFlagged, graph.greatest(1, graph.divide(widestSd, sd)), 1);
  return { mean, posterior: widenInGraph(graph, calibrated, factor) };
}
