/**
 * Requests generated from the schemas of the routes: whatever comes, no answer of 5xx, every answer as its schema says,
 * every refusal a problem document. `npm run test:api` does the same with many more cases and another generator.
 */
import { fullPath, type Route, routes } from '@athanor/schema';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { createDataset } from './tables.ts';
import { expectProblem, type Json, TestServer } from './testServer.ts';

let server: TestServer;
const known: Record<string, string> = {};
beforeAll(async () => {
  server = await TestServer.start();
  known['datasetId'] = (await createDataset(server, undefined, { parentId: 'PRO1' })).body.albertId;
  const post = async (path: string, body: Json): Promise<Json> =>
    (await server.send('POST', path, { body })).body;
  const session = await post('/btmodel', { name: 's', category: 'userModel', datasetId: known['datasetId'] });
  known['sessionId'] = session.id;
  known['modelId'] = (await post(`/btmodel/${session.id}/model`, { name: 'm' })).id;
  known['insightId'] = (await post('/btinsight', { name: 'i', category: 'Generate' })).albertId;
  known['smartDatasetId'] = (
    await post('/smartdatasets?build=false', { scope: { projectIds: ['PRO1'] } })
  ).id;
  known['projectId'] = 'PRO1';
  known['userId'] = 'USR1';
});
afterAll(() => server.close());

const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', ' ', '../x', "'--", '\u0000'),
);
const anyJson = fc.jsonValue({ maxDepth: 3 });

/** A value that follows a JSON schema, or something near it. */
function near(schema: Json, definitions: Json, depth = 0): fc.Arbitrary<unknown> {
  if (typeof schema !== 'object' || schema === null || depth > 6) return anyJson;
  if (typeof schema.$ref === 'string') {
    return near(definitions[schema.$ref.split('/').at(-1)!], definitions, depth + 1);
  }
  const options = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(options))
    return fc.oneof(...options.map((one: Json) => near(one, definitions, depth + 1)));
  const wrong = { arbitrary: anyJson as fc.Arbitrary<unknown>, weight: 1 };
  const mostly = (arbitrary: fc.Arbitrary<unknown>) => fc.oneof({ arbitrary, weight: 12 }, wrong);
  if (schema.const !== undefined) return mostly(fc.constant(schema.const));
  if (Array.isArray(schema.enum)) return mostly(fc.constantFrom(...schema.enum));
  switch (schema.type) {
    case 'string': {
      const prefix = /^\^([A-Z]{3})\[1-9\]/.exec(schema.pattern ?? '');
      if (prefix !== null) return mostly(fc.integer({ min: 1, max: 4 }).map((n) => `${prefix[1]}${n}`));
      return mostly(anyText);
    }
    case 'integer':
    case 'number':
      return mostly(fc.oneof(fc.integer({ min: -2, max: 200 }), fc.double()));
    case 'boolean':
      return mostly(fc.boolean());
    case 'null':
      return fc.constant(null);
    case 'array':
      return mostly(fc.array(near(schema.items, definitions, depth + 1), { maxLength: 3 }));
    case 'object': {
      if (schema.properties === undefined) return mostly(fc.dictionary(anyText, anyJson, { maxKeys: 3 }));
      const fields = Object.entries(schema.properties as Record<string, Json>).map(
        ([key, part]) => [key, near(part, definitions, depth + 1)] as const,
      );
      const requiredKeys = (schema.required ?? []) as string[];
      return mostly(fc.record(Object.fromEntries(fields), { requiredKeys }));
    }
    default:
      return anyJson;
  }
}

function arbitraryOf(schema: z.ZodType | undefined): fc.Arbitrary<unknown> {
  if (schema === undefined) return fc.constant(undefined);
  const document = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;
  return near(document, document.$defs ?? {});
}

/** Routes whose answers are streams or files, or that would end this test's own sign-in. */
const left = new Set([
  'streamBuildEvents',
  'getFileContent',
  'putFileContent',
  'deleteUser',
  'revokeClient',
  'patchUser',
]);
const cases = Object.entries(routes as Record<string, Route>).filter(([name]) => !left.has(name));

it.each(cases)('%s answers whatever is sent as its schema says', async (_name, route) => {
  const parameters = [...route.path.matchAll(/:([a-zA-Z]+)/g)].map(([, key]) => key!);
  const request = fc.record({
    params: fc.tuple(...parameters.map((key) => fc.oneof(fc.constant(known[key] ?? 'x'), anyText))),
    query: fc.oneof(fc.constant(undefined), arbitraryOf(route.query)),
    body: arbitraryOf(route.body),
  });
  await fc.assert(
    fc.asyncProperty(request, async ({ params, query, body }) => {
      let path = fullPath(route);
      parameters.forEach((key, i) => {
        path = path.replace(`:${key}`, encodeURIComponent(params[i]!.toWellFormed()) || 'x');
      });
      const search = new URLSearchParams();
      for (const [key, value] of Object.entries((query ?? {}) as object)) {
        for (const one of [value].flat())
          search.append(key, typeof one === 'string' ? one : (JSON.stringify(one) ?? ''));
      }
      const isForm = route.bodyType === 'form';
      const answer = await server.send(route.method, `${path}${search.size === 0 ? '' : `?${search}`}`, {
        base: '',
        ...(route.body === undefined
          ? {}
          : isForm
            ? {
                body: new URLSearchParams(
                  Object.entries((body ?? {}) as object).map(([key, value]) => [key, String(value)]),
                ).toString(),
                headers: { 'content-type': 'application/x-www-form-urlencoded' },
              }
            : { body: JSON.stringify(body) ?? 'null' }),
      });
      expect(answer.status, answer.text).toBeLessThan(500);
      if (answer.status >= 400) expectProblem(answer, answer.status, answer.body.code);
      // Files are what they are.
      else if (route.replyType !== undefined) return;
      else if (route.reply === undefined) expect(answer.text).toBe('');
      else expect(route.reply.safeParse(answer.body).success, answer.text).toBe(true);
    }),
    { numRuns: 25, seed: 5 },
  );
});
