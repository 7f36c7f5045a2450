import type { Attribute, Graph, GraphNode, GraphPort } from './graph.ts';
import { doubles, wholeNumbers, type Tensor } from './tensor.ts';

/** A tensor that a graph computes; where nothing else is said doubles with one row a predicted row. */
export interface GraphValue {
  readonly name: string;
}

/** A value, or a number that is the same for all cells. */
export type Operand = GraphValue | number;

/**
 * Puts a graph together operator by operator: `graph.add(a, b)` is the value that a + b will have. Cells are doubles
 * throughout, and shapes follow the broadcasting rules of ONNX. Methods do as the operators of their name.
 */
export class GraphBuilder {
  readonly #inputs: GraphPort[] = [];
  readonly #outputs: GraphPort[] = [];
  readonly #constants = new Map<string, Tensor>();
  readonly #nodes: GraphNode[] = [];
  readonly #outer: GraphBuilder | null;
  readonly #names: Set<string>;
  readonly #scalars = new Map<string, GraphValue>();

  /** @param outer the graph that this one is a part of: names differ from those there, whose values may be used */
  constructor(outer: GraphBuilder | null = null) {
    this.#outer = outer;
    this.#names = outer === null ? new Set() : outer.#names;
  }

  /** @throws RangeError when there is a value of that name: a bug of the caller. */
  input(port: GraphPort): GraphValue {
    this.#takeName(port.name);
    this.#inputs.push(port);
    return { name: port.name };
  }

  /** Gives the value out under a name. */
  output(port: GraphPort, value: GraphValue): void {
    this.#takeName(port.name);
    this.#outputs.push(port);
    this.#nodes.push({
      operator: 'Identity',
      domain: '',
      inputs: [value.name],
      outputs: [port.name],
      attributes: {},
    });
  }

  constant(tensor: Tensor): GraphValue {
    const name = this.#newName();
    this.#constants.set(name, tensor);
    return { name };
  }

  /** A row [1, n] or a column [n, 1] of doubles, to be combined with values of other shapes. */
  row(cells: Float64Array): GraphValue {
    return this.constant(doubles(cells, [1, cells.length]));
  }

  column(cells: Float64Array): GraphValue {
    return this.constant(doubles(cells, [cells.length, 1]));
  }

  /** An operator with one output. */
  apply(
    operator: string,
    inputs: readonly Operand[],
    attributes: { readonly [name: string]: Attribute } = {},
    domain: GraphNode['domain'] = '',
  ): GraphValue {
    return this.applyForAll(operator, inputs, 1, attributes, domain)[0]!;
  }

  /** An operator with several outputs. */
  applyForAll(
    operator: string,
    inputs: readonly Operand[],
    outputCount: number,
    attributes: { readonly [name: string]: Attribute } = {},
    domain: GraphNode['domain'] = '',
  ): GraphValue[] {
    const outputs = Array.from({ length: outputCount }, () => this.#newName());
    const names = inputs.map((input) => (typeof input === 'number' ? this.scalar(input) : input).name);
    this.#nodes.push({ operator, domain, inputs: names, outputs, attributes });
    return outputs.map((name) => ({ name }));
  }

  scalar(value: number): GraphValue {
    const key = Object.is(value, -0) ? '-0' : String(value);
    const known = this.#scalars.get(key);
    if (known !== undefined) return known;
    const made = this.constant(doubles(Float64Array.of(value), []));
    this.#scalars.set(key, made);
    return made;
  }

  /** The graph, without inputs that nothing reads: whoever runs it would have to give them all the same. */
  finish(): Graph {
    const read = new Set(
      this.#nodes.flatMap(({ inputs, attributes }) => [...inputs, ...readByBody(attributes)]),
    );
    return {
      inputs: this.#outer === null ? this.#inputs.filter(({ name }) => read.has(name)) : this.#inputs,
      outputs: this.#outputs,
      constants: this.#constants,
      nodes: this.#nodes,
    };
  }

  add(a: Operand, b: Operand): GraphValue {
    return this.apply('Add', [a, b]);
  }

  subtract(a: Operand, b: Operand): GraphValue {
    return this.apply('Sub', [a, b]);
  }

  multiply(a: Operand, b: Operand): GraphValue {
    return this.apply('Mul', [a, b]);
  }

  divide(a: Operand, b: Operand): GraphValue {
    return this.apply('Div', [a, b]);
  }

  square(a: GraphValue): GraphValue {
    return this.multiply(a, a);
  }

  sqrt(a: GraphValue): GraphValue {
    return this.apply('Sqrt', [a]);
  }

  exp(a: GraphValue): GraphValue {
    return this.apply('Exp', [a]);
  }

  log(a: GraphValue): GraphValue {
    return this.apply('Log', [a]);
  }

  absolute(a: GraphValue): GraphValue {
    return this.apply('Abs', [a]);
  }

  greatest(...values: readonly Operand[]): GraphValue {
    return this.apply('Max', values);
  }

  least(...values: readonly Operand[]): GraphValue {
    return this.apply('Min', values);
  }

  /** Cells between the limits; the answer for a missing cell is one of them. */
  clip(a: GraphValue, lower: number, upper: number): GraphValue {
    return this.least(this.greatest(a, lower), upper);
  }

  isMissing(a: GraphValue): GraphValue {
    return this.apply('IsNaN', [a]);
  }

  isLess(a: Operand, b: Operand): GraphValue {
    return this.apply('Less', [a, b]);
  }

  isAtMost(a: Operand, b: Operand): GraphValue {
    return this.apply('LessOrEqual', [a, b]);
  }

  isEqual(a: Operand, b: Operand): GraphValue {
    return this.apply('Equal', [a, b]);
  }

  /** Where any of the conditions holds. */
  any(conditions: readonly GraphValue[]): GraphValue {
    return conditions.reduce((left, right) => this.apply('Or', [left, right]));
  }

  where(condition: GraphValue, whenTrue: Operand, whenFalse: Operand): GraphValue {
    return this.apply('Where', [condition, whenTrue, whenFalse]);
  }

  sum(values: readonly GraphValue[]): GraphValue {
    return values.reduce((left, right) => this.add(left, right));
  }

  matrixProduct(a: GraphValue, b: GraphValue): GraphValue {
    return this.apply('MatMul', [a, b]);
  }

  /** Sum over the columns of each row [n, 1]. */
  sumOfRow(a: GraphValue): GraphValue {
    return this.apply('ReduceSum', [a, this.constant(wholeNumbers([1]))], { keepdims: 1 });
  }

  /** The values side by side. */
  join(values: readonly GraphValue[]): GraphValue {
    return values.length === 1 ? values[0]! : this.apply('Concat', values, { axis: 1 });
  }

  /** The columns [n, 1] of a value [n, count]. */
  split(a: GraphValue, count: number): GraphValue[] {
    return count === 1 ? [a] : this.applyForAll('Split', [a], count, { axis: 1, num_outputs: count });
  }

  #newName(): string {
    let number = this.#names.size;
    while (this.#names.has(`v${number}`)) number++;
    this.#takeName(`v${number}`);
    return `v${number}`;
  }

  #takeName(name: string): void {
    if (this.#names.has(name)) throw new RangeError(`the graph has two values named ${name}`);
    this.#names.add(name);
  }
}

/** Names of outer values that an operator's body reads, among others. */
function readByBody({ body }: GraphNode['attributes']): readonly string[] {
  return typeof body === 'object' && 'nodes' in body ? body.nodes.flatMap(({ inputs }) => inputs) : [];
}
