/** A Fastify server that answers one record by its schema and does nothing else. Started by requests.ts. */
import Fastify from 'fastify';

const { dataset, schemas } = JSON.parse(process.argv[2]!) as {
  dataset: object;
  schemas: Record<string, object>;
};
const app = Fastify();
const inlined = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inlined);
  if (typeof value !== 'object' || value === null) return value;
  const reference = (value as { $ref?: string }).$ref;
  if (reference !== undefined) return inlined(schemas[reference.split('/').at(-1)!]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inlined(item)]));
};
app.get(
  '/api/v3/btdataset/:datasetId',
  { schema: { response: { 200: inlined(schemas['Dataset']) as object } } },
  async () => dataset,
);
console.log(await app.listen({ port: 0, host: '127.0.0.1' }));
process.once('SIGTERM', () => void app.close());
