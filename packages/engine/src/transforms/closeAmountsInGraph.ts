import type { GraphBuilder, GraphValue } from '../onnx/graphBuilder.ts';
import { closureSlack } from './closeAmounts.ts';

/** `closeAmounts` in a graph: the columns with missing amounts zero in rows that add up to `total` without them. */
export function closeAmountsInGraph(
  graph: GraphBuilder,
  columns: ReadonlyMap<string, GraphValue>,
  amounts: readonly string[],
  total: number,
): ReadonlyMap<string, GraphValue> {
  const zeroed = new Map(
    amounts.map((key) => {
      const cells = columns.get(key)!;
      return [key, graph.where(graph.isMissing(cells), 0, cells)];
    }),
  );
  const gap = graph.absolute(graph.subtract(graph.sum([...zeroed.values()]), total));
  const isClosed = graph.isAtMost(gap, closureSlack(total));
  const closed = amounts.map((key): [string, GraphValue] => [
    key,
    graph.where(isClosed, zeroed.get(key)!, columns.get(key)!),
  ]);
  return new Map([...columns, ...closed]);
}
