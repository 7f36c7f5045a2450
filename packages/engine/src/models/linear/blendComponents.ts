import { columnOf, createMatrix, type Matrix } from '../../linalg/matrix.ts';
import type { GraphBuilder, GraphValue } from '../../onnx/graphBuilder.ts';
import type { PlainDataReader } from '../../plainDataReader.ts';
import { EngineError } from '../../engineError.ts';
import type { NumericColumn } from '../../table/column.ts';
import type { InputGraph } from '../../transforms/inputGraph.ts';
import { findClosure } from '../../transforms/closeAmounts.ts';
import type { InputColumn, Inputs } from '../inputs.ts';

/** How amounts become pseudo-components: plain data, part of the fitted model. */
export type BlendComponents = {
  /** Sorted. */
  readonly keys: readonly string[];
  /** What a row's amounts are shares of. */
  readonly total: number;
  /** Whether what the amounts leave of the total is a component of its own. */
  readonly hasRest: boolean;
  /** Share of each amount where its cell is missing. */
  readonly fill: Float64Array;
  /** Least share of each component, the rest last. */
  readonly lower: Float64Array;
  /** 1 minus the sum of the least shares; > 0. */
  readonly free: number;
};

/** Less than this share left between the least shares and the total is none. */
const leastFree = 1e-9;
/** Shares are followed this far beyond the total. */
const reach = 1;

/** @returns null where no amounts vary */
export function fitBlendComponents(inputs: Inputs): BlendComponents | null {
  const amounts = amountsOf(inputs);
  if (amounts.length === 0) return null;
  const closure = findClosure(inputs);
  const total = closure ?? largestSum(amounts, inputs.rowCount);
  if (!(total > 0 && total < Infinity)) return null;
  const fill = Float64Array.from(amounts, ({ values }) => {
    const present = values.filter((value) => !Number.isNaN(value));
    return present.length === 0 ? 0 : present.reduce((sum, value) => sum + value / total / present.length, 0);
  });
  const open = {
    keys: amounts.map(({ key }) => key),
    total,
    hasRest: closure === null,
    fill,
    lower: new Float64Array(amounts.length + (closure === null ? 1 : 0)),
    free: 1,
  };
  const shares = toComponents(open, inputs);
  const lower = Float64Array.from(open.lower, (_, c) =>
    columnOf(shares, c).reduce((least, share) => Math.min(least, share), Infinity),
  );
  const free = 1 - lower.reduce((sum, share) => sum + share, 0);
  return free > leastFree ? { ...open, lower, free } : null;
}

/**
 * L-pseudo-components (J. Cornell, Experiments with Mixtures, 3rd ed., 2002, eq. 4.4): (share - lower) / free, so that
 * products of two are not nearly the same as each of them alone where amounts hardly vary [m, q].
 */
export function toComponents(components: BlendComponents, inputs: Inputs): Matrix {
  const { keys, total, hasRest, fill, lower, free } = components;
  const shares = createMatrix(inputs.rowCount, lower.length);
  const rest = new Float64Array(inputs.rowCount).fill(1);
  const put = (c: number, share: number, i: number): void => {
    const held = Math.min(1 + reach, Math.max(-reach, share));
    shares.values[c * shares.stride + i] = (held - lower[c]!) / free;
  };
  keys.forEach((key, c) => {
    const column = inputs.columns.find((one) => one.column.key === key)?.column;
    if (column?.kind !== 'numeric')
      throw new EngineError('COLUMN_MISSING', `the model needs the amounts in ${key}`, { column: key });
    column.values.forEach((value, i) => {
      const share = Number.isNaN(value) ? fill[c]! : value / total;
      rest[i]! -= share;
      put(c, share, i);
    });
  });
  if (hasRest) rest.forEach((share, i) => put(keys.length, share, i));
  return shares;
}

/** `toComponents` in a graph: columns [m, 1]. */
export function componentsInGraph(
  graph: GraphBuilder,
  { keys, total, hasRest, fill, lower, free }: BlendComponents,
  { columns, zeros }: InputGraph,
): GraphValue[] {
  const shares = keys.map((key, c) => {
    const cells = columns.get(key)!;
    return graph.where(graph.isMissing(cells), fill[c]!, graph.divide(cells, total));
  });
  if (hasRest) shares.push(shares.reduce((left, share) => graph.subtract(left, share), graph.add(zeros, 1)));
  return shares.map((share, c) =>
    graph.divide(graph.subtract(graph.clip(share, -reach, 1 + reach), lower[c]!), free),
  );
}

/** @throws EngineError with code ARTIFACT_INVALID */
export function checkBlendComponents(reader: PlainDataReader): BlendComponents {
  const keys = reader
    .field('keys')
    .list()
    .map((one) => one.text());
  if (keys.some((key, i) => i > 0 && !(keys[i - 1]! < key)))
    throw reader.fail('must have distinct keys in order');
  const hasRest = reader.field('hasRest').boolean();
  return {
    keys,
    total: reader.field('total').number({ min: Number.MIN_VALUE }),
    hasRest,
    fill: reader.field('fill').float64(keys.length),
    lower: reader.field('lower').float64(keys.length + (hasRest ? 1 : 0)),
    free: reader.field('free').number({ min: leastFree }),
  };
}

function amountsOf({ columns }: Inputs): NumericColumn[] {
  return columns
    .filter(({ isAmount }: InputColumn) => isAmount)
    .map(({ column }) => column)
    .filter((column) => column.kind === 'numeric')
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function largestSum(amounts: readonly NumericColumn[], rowCount: number): number {
  let largest = 0;
  for (let i = 0; i < rowCount; i++) {
    let sum = 0;
    for (const { values } of amounts) sum += Number.isNaN(values[i]!) ? 0 : values[i]!;
    largest = Math.max(largest, sum);
  }
  return largest;
}
