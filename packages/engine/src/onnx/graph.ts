import type { Tensor, TensorType } from './tensor.ts';

/** What an operator is told beside its inputs; a number is a whole one. */
export type Attribute = number | string | readonly number[] | Int32Array | readonly string[] | Tensor | Graph;

/** One operator of a graph. */
export interface GraphNode {
  readonly operator: string;
  /** Empty for the operators of ONNX itself. */
  readonly domain: '' | 'ai.onnx.ml';
  /** Names of values; an optional input that is left out is an empty name. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: { readonly [name: string]: Attribute };
}

/** A value that a graph takes or gives. */
export interface GraphPort {
  readonly name: string;
  readonly type: TensorType | 'boolean';
  /** Text for a size that is known at run time only. */
  readonly shape: readonly (number | string)[];
}

/** A computation as data: operators in an order in which each has its inputs. */
export interface Graph {
  readonly inputs: readonly GraphPort[];
  readonly outputs: readonly GraphPort[];
  readonly constants: ReadonlyMap<string, Tensor>;
  readonly nodes: readonly GraphNode[];
}
