import { SearchSpace, SessionSpace, SpaceCheck } from '@athanor/schema';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataset, createSession } from './tables.ts';
import { expectProblem, type Json, TestServer } from './testServer.ts';

let server: TestServer;
let session: string;
/** Formulations of three ingredients that add up to 100. */
const mixtures = ['resin (wt%),wax (wt%),chalk (wt%),temperature (C),strength (MPa)'];
for (let i = 0; i < 30; i++) {
  const [resin, wax] = [40 + ((i * 17) % 31), (i * 7) % 21];
  mixtures.push([resin, wax, 100 - resin - wax, 60 + 10 * ((i * 13) % 5), 40 + ((i * 3) % 17)].join(','));
}
beforeAll(async () => {
  server = await TestServer.start();
  const { albertId } = (await createDataset(server, mixtures.join('\n'))).body;
  session = (await createSession(server, { category: 'userModel', target: ['strength (MPa)'] }, albertId))
    .body.id;
});
afterAll(() => server.close());

const check = async (space: Json): Promise<SpaceCheck> => {
  const answer = await server.send('POST', `/btmodel/${session}/space/check`, { body: { space } });
  expect(answer.status, answer.text).toBe(200);
  return SpaceCheck.parse(answer.body);
};

it('the space that the data of a session span is told, in words as well', async () => {
  const answer = await server.send('GET', `/btmodel/${session}/space`);
  const { space, sentences } = SessionSpace.parse(answer.body);
  expect(space.variables.map(({ key }) => key)).toEqual([
    'resin (wt%)',
    'wax (wt%)',
    'chalk (wt%)',
    'temperature (C)',
  ]);
  expect(space.constraints).toContainEqual({ kind: 'total', value: 100 });
  expect(sentences.map(({ text }) => text)).toContain('all amounts add up to 100');
  expect(sentences.find(({ path }) => path === 'variables/0')?.text).toBe(
    'resin (wt%) is between 40 and 70 in steps of 1',
  );
});

it('a space is completed by what the data span, and an experiment in it is shown', async () => {
  const { isFeasible, example, space, violations } = await check({
    variables: [{ kind: 'amount', key: 'resin (wt%)', lower: 50, upper: 55, step: 0.5 }],
    constraints: [
      { kind: 'total', value: 100 },
      { kind: 'fixed', key: 'temperature (C)', value: 80 },
    ],
  });
  expect(isFeasible).toBe(true);
  expect(violations).toEqual([]);
  expect(SearchSpace.parse(space).variables).toHaveLength(4);
  expect(example).toMatchObject({ 'temperature (C)': 80 });
  const amounts = ['resin (wt%)', 'wax (wt%)', 'chalk (wt%)'].map((key) => Number(example![key]));
  expect(amounts.reduce((sum, amount) => sum + amount)).toBe(100);
  expect((await check({})).isFeasible).toBe(true);
});

it('a space with nothing in it is explained with the least change that helps', async () => {
  const { isFeasible, example, violations, relaxations } = await check({
    constraints: [
      { kind: 'total', value: 100 },
      { kind: 'linear', terms: [{ key: 'resin (wt%)', coefficient: 1 }], operator: 'lte', value: 30 },
    ],
  });
  expect(isFeasible).toBe(false);
  expect(example).toBeNull();
  expect(violations).toHaveLength(1);
  expect(violations[0]!.paths.sort()).toEqual(['constraints/1', 'variables/0']);
  expect(relaxations.length).toBeGreaterThan(0);
});

it('a list of which no row obeys the rest is told so', async () => {
  const row = { 'resin (wt%)': 50, 'wax (wt%)': 10, 'chalk (wt%)': 40, 'temperature (C)': 80 };
  expect((await check({ candidates: [{ ...row, 'wax (wt%)': 20 }, row] })).example).toEqual(row);
  const { isFeasible, violations } = await check({ candidates: [{ ...row, 'wax (wt%)': 20 }] });
  expect(isFeasible).toBe(false);
  expect(violations[0]!.paths[0]).toBe('candidates');
});

it('what cannot be a space is refused with its place', async () => {
  const send = (space: Json) => server.send('POST', `/btmodel/${session}/space/check`, { body: { space } });
  const problem = expectProblem(
    await send({ constraints: [{ kind: 'fixed', key: 'nickel', value: 1 }] }),
    422,
    'SPACE_INVALID',
  );
  expect(problem.errors[0]!.location.field).toBe('body/space/constraints/0');
  expectProblem(await send({ constraints: [{ kind: 'magic' }] }), 400, 'FIELD_INVALID');
  expectProblem(await server.send('GET', '/btmodel/MDS99999/space'), 404, 'RECORD_NOT_FOUND');
  const { albertId } = (await server.send('POST', '/btdataset', { body: { name: 'empty' } })).body;
  const { id } = (await createSession(server, { category: 'userModel' }, albertId)).body;
  expectProblem(await server.send('GET', `/btmodel/${id}/space`), 422, 'DATASET_WITHOUT_DATA');
});
