import { expect, test } from 'vitest';
import { encodeOnnx } from './encodeOnnx.ts';
import { GraphBuilder } from './graphBuilder.ts';

const port = (name: string) => ({ name, type: 'float64', shape: ['rows', 1] }) as const;

test('a graph asks for the inputs that something reads, also from within a body, and for no others', () => {
  const graph = new GraphBuilder();
  const [a, b] = ['a', 'b', 'c'].map((name) => graph.input(port(name)));
  const body = new GraphBuilder(graph);
  body.output(port('next'), b!);
  const [last] = graph.applyForAll('Loop', [a!], 1, { body: body.finish() });
  graph.output(port('result'), last!);
  expect(graph.finish().inputs.map(({ name }) => name)).toEqual(['a', 'b']);
});

test('columns may be called like anything, but no two values alike', () => {
  const graph = new GraphBuilder();
  const inputs = ['v1', 'v2', 'v3'].map((name) => graph.input(port(name)));
  graph.output(port('sum'), graph.sum(inputs));
  const { nodes } = graph.finish();
  const names = [...inputs.map(({ name }) => name), ...nodes.flatMap(({ outputs }) => outputs)];
  expect(new Set(names).size).toBe(names.length);
  expect(() => graph.output(port('v2'), inputs[0]!)).toThrow('two values named v2');
});

test('a number is in the file once, however often it is used, and equal graphs are equal bytes', () => {
  const make = () => {
    const graph = new GraphBuilder();
    const x = graph.input(port('x'));
    graph.output(port('y'), graph.multiply(graph.add(x, 0.5), 0.5));
    return graph.finish();
  };
  expect([...make().constants.values()].map(({ cells }) => cells)).toEqual([Float64Array.of(0.5)]);
  const description = { producerVersion: '1', documentation: '', metadata: { seed: '1' } };
  expect(encodeOnnx(make(), description)).toEqual(encodeOnnx(make(), description));
});
