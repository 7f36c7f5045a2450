import { EngineError } from '../engineError.ts';
import type { GraphBuilder, GraphValue } from '../onnx/graphBuilder.ts';
import { doubles, wholeNumbers } from '../onnx/tensor.ts';
import { describeColumns, encodeNumberLimits, levelCells, type InputEncoder } from './inputEncoder.ts';
import type { CategoricalEncoding, NumericEncoding, TotalEncoding } from './inputEncoding.ts';

/** The inputs of a model as values of a graph [m, 1], by key: doubles, or text that is empty where it is missing. */
export interface InputGraph {
  readonly columns: ReadonlyMap<string, GraphValue>;
  /** Zeros [m, 1]: how many rows there are. */
  readonly zeros: GraphValue;
}

/** `encodeInputs` in a graph: the columns [m, 1], as `describeColumns` lists them. */
export function encodeInputsInGraph(
  graph: GraphBuilder,
  encoder: InputEncoder,
  { columns }: InputGraph,
): GraphValue[] {
  return encoder.inputs.flatMap((encoding) => {
    if (encoding.kind === 'total') {
      const amounts = encoding.amounts.map((key) => columns.get(key)!);
      return encodeNumeric(graph, encoding, graph.sum(amounts));
    }
    const cells = columns.get(encoding.key)!;
    if (encoding.kind === 'molecular')
      throw new EngineError(
        'MODEL_NOT_EXPORTABLE',
        `${encoding.key} holds molecules, which ONNX cannot read`,
      );
    return encoding.kind === 'numeric'
      ? encodeNumeric(graph, encoding, cells)
      : encodeCategorical(graph, encoding, cells);
  });
}

/** `encodeInputs` in a graph [m, d]; one column of zeros where the encoder has none. */
export function encodeMatrixInGraph(
  graph: GraphBuilder,
  encoder: InputEncoder,
  inputs: InputGraph,
): GraphValue {
  const columns = encodeInputsInGraph(graph, encoder, inputs);
  return columns.length === 0 ? inputs.zeros : graph.join(columns);
}

function encodeNumeric(
  graph: GraphBuilder,
  encoding: NumericEncoding | TotalEncoding,
  cells: GraphValue,
): GraphValue[] {
  const isMissing = graph.isMissing(cells);
  const encoded: GraphValue[] = [];
  if (encoding.hasValue) {
    const u = encodeNumberInGraph(graph, encoding, cells);
    encoded.push(graph.where(isMissing, encoding.fill ?? NaN, u));
  }
  if (encoding.hasIndicator) encoded.push(graph.where(isMissing, 1, 0));
  return encoded;
}

/** The same operations in the same order as `encodeNumber`, so that no row changes its side of a threshold. */
function encodeNumberInGraph(
  graph: GraphBuilder,
  encoding: NumericEncoding | TotalEncoding,
  cells: GraphValue,
): GraphValue {
  const { isLog, isRoot, magnitude, lower, width } = encoding;
  const { least, greatest } = encodeNumberLimits(encoding);
  const share = graph.divide(cells, magnitude);
  const scaled = isLog ? graph.log(cells) : isRoot ? graph.sqrt(graph.greatest(share, 0)) : share;
  const u = graph.divide(graph.subtract(scaled, lower), width);
  return graph.clip(isLog ? graph.where(graph.isLess(0, cells), u, least) : u, least, greatest);
}

/** A table of what each level becomes, one that was never seen last. */
function encodeCategorical(
  graph: GraphBuilder,
  encoding: CategoricalEncoding,
  cells: GraphValue,
): GraphValue[] {
  const { levels, fill } = encoding;
  const columnCount = describeColumns({ inputs: [encoding] }).length;
  const present = levels.filter((level) => level !== null);
  // Rows of the table: the levels, missing, unseen.
  const codes = [...present.map((level) => levels.indexOf(level)), fill, -1];
  const table = new Float64Array(codes.length * columnCount);
  codes.forEach((code, row) => table.set(levelCells(encoding, code), row * columnCount));
  const place = placeOfText(graph, cells, [...present, '']);
  const rows = graph.apply('Gather', [graph.constant(doubles(table, [codes.length, columnCount])), place]);
  // [m, 1, columns] without the middle.
  const encoded = graph.apply('Squeeze', [rows, graph.constant(wholeNumbers([1]))]);
  return graph.split(encoded, columnCount);
}

/** The index [m, 1] of each text among `keys`, or their number. */
export function placeOfText(graph: GraphBuilder, cells: GraphValue, keys: readonly string[]): GraphValue {
  return graph.apply(
    'LabelEncoder',
    [cells],
    {
      keys_strings: keys,
      values_int64s: keys.map((_, i) => i),
      default_int64: keys.length,
    },
    'ai.onnx.ml',
  );
}
