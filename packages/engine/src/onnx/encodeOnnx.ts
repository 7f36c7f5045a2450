import { encodeUtf8 } from '../utf8.ts';
import type { Attribute, Graph, GraphNode, GraphPort } from './graph.ts';
import { ProtobufWriter } from './protobufWriter.ts';
import type { Tensor } from './tensor.ts';

/** Format of the file, and of the operators in it: those of ONNX 1.16, the first with `TreeEnsemble`. */
const irVersion = 10;
const operatorSets = { '': 21, 'ai.onnx.ml': 5 } as const;

/** Numbers of the types of cells in TensorProto.DataType. */
const cellTypes = { float64: 11, int64: 7, uint8: 2, text: 8, boolean: 9 } as const;

/** Kinds of attributes in AttributeProto.AttributeType. */
const attributeTypes = { integer: 2, text: 3, tensor: 4, graph: 5, integers: 7, texts: 8 } as const;

export interface OnnxDescription {
  readonly producerVersion: string;
  /** One paragraph for whoever opens the file. */
  readonly documentation: string;
  readonly metadata: { readonly [name: string]: string };
}

/** The graph as the bytes of an ONNX file; field numbers are those of onnx.proto3. Equal graphs give equal bytes. */
export function encodeOnnx(graph: Graph, description: OnnxDescription): Uint8Array<ArrayBuffer> {
  const model = new ProtobufWriter()
    .integer(1, irVersion)
    .text(2, 'Athanor')
    .text(3, description.producerVersion)
    .text(6, description.documentation)
    .message(7, (inner) => writeGraph(inner, graph, 'model'));
  for (const [domain, version] of Object.entries(operatorSets))
    model.message(8, (inner) => inner.text(1, domain).integer(2, version));
  for (const [key, value] of Object.entries(description.metadata))
    model.message(14, (inner) => inner.text(1, key).text(2, value));
  return model.finish();
}

function writeGraph(
  writer: ProtobufWriter,
  { inputs, outputs, constants, nodes }: Graph,
  name: string,
): void {
  for (const node of nodes) writer.message(1, (inner) => writeNode(inner, node));
  writer.text(2, name);
  for (const [key, tensor] of constants) writer.message(5, (inner) => writeTensor(inner, tensor, key));
  for (const port of inputs) writer.message(11, (inner) => writePort(inner, port));
  for (const port of outputs) writer.message(12, (inner) => writePort(inner, port));
}

function writeNode(
  writer: ProtobufWriter,
  { operator, domain, inputs, outputs, attributes }: GraphNode,
): void {
  for (const name of inputs) writer.text(1, name);
  for (const name of outputs) writer.text(2, name);
  writer.text(4, operator);
  for (const [name, value] of Object.entries(attributes))
    writer.message(5, (inner) => writeAttribute(inner.text(1, name), value));
  if (domain !== '') writer.text(7, domain);
}

function writeAttribute(writer: ProtobufWriter, value: Attribute): void {
  const as = (kind: keyof typeof attributeTypes): ProtobufWriter => writer.integer(20, attributeTypes[kind]);
  if (typeof value === 'number') as('integer').integer(3, value);
  else if (typeof value === 'string') as('text').text(4, value);
  else if (isTexts(value)) {
    as('texts');
    for (const text of value) writer.text(9, text);
  } else if (isNumbers(value)) as('integers').integers(8, value);
  else if ('nodes' in value) as('graph').message(6, (inner) => writeGraph(inner, value, 'body'));
  else as('tensor').message(5, (inner) => writeTensor(inner, value));
}

function isTexts(value: object): value is readonly string[] {
  return Array.isArray(value) && typeof value[0] === 'string';
}

function isNumbers(value: object): value is readonly number[] | Int32Array {
  return Array.isArray(value) || value instanceof Int32Array;
}

function writePort(writer: ProtobufWriter, { name, type, shape }: GraphPort): void {
  writer.text(1, name).message(2, (described) =>
    described.message(1, (tensor) =>
      tensor.integer(1, cellTypes[type]).message(2, (dimensions) => {
        for (const size of shape)
          dimensions.message(1, (one) =>
            typeof size === 'number' ? one.integer(1, size) : one.text(2, size),
          );
      }),
    ),
  );
}

function writeTensor(writer: ProtobufWriter, tensor: Tensor, name?: string): void {
  writer.integers(1, tensor.shape).integer(2, cellTypes[tensor.type]);
  if (tensor.type === 'text') for (const cell of tensor.cells) writer.bytes(6, encodeUtf8(cell));
  if (name !== undefined) writer.text(8, name);
  if (tensor.type !== 'text') writer.bytes(9, rawCells(tensor));
}

/** Cells as ONNX wants them: little-endian, one after the other. */
function rawCells(tensor: Exclude<Tensor, { type: 'text' }>): Uint8Array {
  if (tensor.type === 'uint8') return tensor.cells;
  const { length } = tensor.cells;
  const bytes = new Uint8Array(8 * length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < length; i++) {
    if (tensor.type === 'float64') view.setFloat64(8 * i, tensor.cells[i]!, true);
    else view.setBigInt64(8 * i, BigInt(tensor.cells[i]!), true);
  }
  return bytes;
}
