import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataset, hardness } from './tables.ts';
import { expectProblem, type Json, TestServer } from './testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.close());

const post = async (path: string, body: Json): Promise<Json> => {
  const answer = await server.send('POST', path, { body });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
};
const makeTarget = (fields: Record<string, unknown>): Promise<Json> =>
  post('/targets', {
    name: 'hardness',
    type: 'performance',
    dataTemplateId: 'DAT1',
    dataColumnId: 'DAC1',
    targetValue: { operator: 'gte', value: 120 },
    isRequired: true,
    ...fields,
  });

async function waitUntilBuilt(id: string): Promise<Json> {
  const end = performance.now() + 30_000;
  for (;;) {
    const { body } = await server.send('GET', `/smartdatasets/${id}`);
    if (body.buildState !== 'building') return body;
    if (performance.now() > end) throw new Error(`${id} is still building`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function build(scope: Json, parentId?: string): Promise<Json> {
  const created = await post('/smartdatasets', { scope, ...(parentId === undefined ? {} : { parentId }) });
  expect(created.buildState).toBe('building');
  return waitUntilBuilt(created.id);
}

const dataOf = async (id: string, query = ''): Promise<Json> =>
  (await server.send('GET', `/smartdatasets/${id}/experiments/data${query}`)).body;

describe('a smart dataset', () => {
  it('joins the datasets of its projects, in one unit, and names what contradicts', async () => {
    await createDataset(server, 'resin (g),cure,hardness (HV)\n1,a,10\n2,b,20\n', {
      parentId: 'PRO1',
      name: 'A',
    });
    await createDataset(server, 'resin (kg),filler (g),cure,hardness (MPa)\n0.003,5,1,30\n0.004,6,2,40\n', {
      name: 'B',
      References: { project_ids: ['PRO1'], sheet_ids: ['WKS1'] },
    });
    await createDataset(server, hardness, { parentId: 'PRO2' });
    const smart = await build({ projectIds: ['PRO1'] }, 'PRO1');
    expect(smart).toMatchObject({ buildState: 'ready', type: 'smart', parentId: 'PRO1' });
    expect(smart.storageKey).toBe(`smartdatasets/${smart.id}/matrix.json`);
    expect(smart.schema.rowCount).toBe(4);
    expect(smart.schema.datasets.map((one: Json) => one.name)).toEqual(['A', 'B']);
    const codes = smart.schema.warnings.map((one: Json) => one.code);
    expect(codes).toEqual(expect.arrayContaining(['unit_converted', 'unit_conflict', 'type_conflict']));

    const { data, identifiers, variables, counts } = await dataOf(smart.id);
    expect(data.index).toEqual(['DST1-R1', 'DST1-R2', 'DST2-R1', 'DST2-R2']);
    expect(identifiers[2]).toMatchObject({ type: 'measurement', property_data_id: 'DST2-R1' });
    expect(variables.map((one: Json) => one.key)).toEqual(data.columns);
    const resin = data.columns.indexOf('resin (g)');
    expect(data.data.map((row: Json[]) => row[resin])).toEqual([1, 2, 3, 4]);
    const filler = data.columns.indexOf('filler (g)');
    expect(data.data.map((row: Json[]) => row[filler])).toEqual([0, 0, 5, 6]);
    expect(counts.data[0][data.columns.indexOf('hardness (MPa)')]).toBe(0);

    const file = `/files/info?name=${encodeURIComponent(smart.storageKey)}&namespace=breakthrough`;
    expect((await server.send('GET', file)).body.contentType).toBe('application/json');
    const onlySheet = await build({ projectIds: ['PRO1'], sheetIds: ['WKS1'] });
    expect(onlySheet.schema.rowCount).toBe(2);
  });

  it('gives means, uncertainties and counts at every level, and the rows and variables that are asked for', async () => {
    const table = [
      'batch,resin (g),hardener (g),temperature (C),hardness (HV)',
      'L1,10,5,60,1',
      'L1,10,5,60,3',
      'L2,10,5,80,8',
      'L3,20,5,60,',
      'L3,20,5,60,7',
    ].join('\n');
    await createDataset(server, table, { parentId: 'PRO3' });
    const { id } = await build({ projectIds: ['PRO3'] });
    const column = async (level: string): Promise<Json[][]> => {
      const query = `?aggregate_by=${level}&variable=${encodeURIComponent('hardness (HV)')}`;
      const { data, uncertainty, counts } = await dataOf(id, query);
      expect(data.columns).toEqual(['hardness (HV)']);
      return data.index.map((key: string, i: number) => [
        key,
        data.data[i][0],
        uncertainty.data[i][0],
        counts.data[i][0],
      ]);
    };
    expect(await column('inventory')).toEqual([
      ['F1', 4, Math.sqrt(13), 3],
      ['F2', 7, null, 1],
    ]);
    expect(await column('lot')).toEqual([
      ['F1/L1', 2, Math.SQRT2, 2],
      ['F1/L2', 8, null, 1],
      ['F2/L3', 7, null, 1],
    ]);
    expect((await column('workflow')).map((row) => row[0])).toEqual(['F1/W1', 'F1/W2', 'F2/W3']);
    expect(await column('measurement')).toHaveLength(5);
    const some = await dataOf(id, '?aggregate_by=lot&id=F1/L2&id=F2/L3&id=nobody');
    expect(some.data.index).toEqual(['F1/L2', 'F2/L3']);
    expect(some.identifiers[0]).toEqual({ type: 'lot', inventory_id: 'F1', key: 'F1/L2', lot_id: 'L2' });
    const answer = await server.send('GET', `/smartdatasets/${id}/experiments/data?aggregate_by=moon`);
    expectProblem(answer, 400, 'FIELD_INVALID');
  });

  it('counts for a target only what was measured under its conditions', async () => {
    const table = ['a (g),b (g),temperature [PRM7],strength [DAC9]'];
    for (let i = 0; i < 10; i++) table.push(`${i},${10 - i},${i < 6 ? 20 : 80},${i * i}`);
    await createDataset(server, table.join('\n'), { parentId: 'PRO4' });
    const parameter = (id: string, value: Json) => ({ id, category: 'Normal', sequence: '1', value });
    const cold = await makeTarget({
      name: 'cold strength',
      dataColumnId: 'DAC9',
      parameters: [parameter('PRM7', { operator: 'lte', value: 25 })],
    });
    const any = await makeTarget({ dataColumnId: 'DAC9', parameters: [parameter('PRM7', undefined)] });
    const lost = await makeTarget({ dataColumnId: 'DAC9', parameters: [parameter('PRM8', 5)] });
    const none = await makeTarget({ name: 'gloss', dataColumnId: 'DAC10' });
    const targetIds = [cold.id, any.id, lost.id, none.id];
    const { schema } = await build({ projectIds: ['PRO4'], targetIds });
    expect(schema.targets).toMatchObject([
      { targetId: cold.id, variable: 'strength [DAC9]', sampleCount: 6 },
      { targetId: any.id, sampleCount: 10 },
      { targetId: lost.id, sampleCount: 0, unknownParameters: ['PRM8'] },
      { targetId: none.id, variable: null, sampleCount: 0 },
    ]);
  });

  it('without experiments fails and says why; a new scope builds it anew', async () => {
    const failed = await build({ projectIds: ['PRO99'] });
    expect(failed).toMatchObject({ buildState: 'failed', failure: { code: 'SMART_DATASET_EMPTY' } });
    const path = `/smartdatasets/${failed.id}`;
    expectProblem(await server.send('GET', `${path}/experiments/data`), 409, 'SMART_DATASET_NOT_READY');
    const scope = { projectIds: ['PRO2'], targetIds: [], sheetIds: null, targetParentIds: {} };
    const data = [{ operation: 'update', attribute: 'scope', oldValue: failed.scope, newValue: scope }];
    const patched = await server.send('PATCH', path, { body: { data } });
    expect(patched.body.buildState).toBe('building');
    expect(patched.body).not.toHaveProperty('failure');
    expect((await waitUntilBuilt(failed.id)).schema.rowCount).toBe(30);
    const late = await server.send('PATCH', path, { body: { data } });
    expectProblem(late, 409, 'LOST_UPDATE');
  });

  it('can be left to an outside worker, who says when it is ready', async () => {
    const { id, buildState } = await post('/smartdatasets?build=False', { scope: { projectIds: ['PRO2'] } });
    expect(buildState).toBeUndefined();
    const data = [
      { operation: 'update', attribute: 'buildState', oldValue: null, newValue: 'ready' },
      { operation: 'update', attribute: 'storageKey', oldValue: null, newValue: 'elsewhere' },
      { operation: 'update', attribute: 'schema', oldValue: null, newValue: { tables: 3 } },
    ];
    const { body } = await server.send('PATCH', `/smartdatasets/${id}`, { body: { data } });
    expect(body).toMatchObject({ buildState: 'ready', storageKey: 'elsewhere', schema: { tables: 3 } });
    const answer = await server.send('GET', `/smartdatasets/${id}/experiments/data`);
    expectProblem(answer, 409, 'SMART_DATASET_NOT_READY');
  });

  it('is deleted with its bytes, and refuses scopes with targets that do not exist', async () => {
    const before = server.countEverything();
    const { id } = await build({ projectIds: ['PRO2'] });
    expect((await server.send('DELETE', `/smartdatasets/${id}`)).status).toBe(204);
    expectProblem(await server.send('GET', `/smartdatasets/${id}`), 404, 'RECORD_NOT_FOUND');
    await new Promise((resolve) => setTimeout(resolve, 200));
    const after = server.countEverything();
    for (const what of ['blobs', 'file', 'smartDataset', 'temporary']) expect(after[what]).toBe(before[what]);
    const answer = await server.send('POST', '/smartdatasets', {
      body: { scope: { targetIds: ['TAR999'] } },
    });
    expectProblem(answer, 404, 'RECORD_NOT_FOUND');
  });
});

describe('a design run', () => {
  let ids: Record<'good' | 'text' | 'flat' | 'rare' | 'outside', string>;
  let smart: string;
  beforeAll(async () => {
    const rows = Array.from({ length: 12 }, (_, i) =>
      [i + 1, 12 - i, 60 + ((i * 5) % 7), 2 * i, i % 2 === 0 ? 'red' : 'blue', 7, i < 3 ? i : ''].join(','),
    );
    const header = 'a (g),b (g),temperature (C),gloss (GU),colour,flat (MPa),rare (MPa)';
    const dataset = (await createDataset(server, [header, ...rows].join('\n'), { parentId: 'PRO5' })).body;
    const roles = [
      { key: 'gloss (GU)', type: 'property', role: 'target' },
      { key: 'colour', role: 'input' },
      { key: 'flat (MPa)', type: 'property' },
      { key: 'rare (MPa)', type: 'property', role: 'target' },
    ];
    const set = await server.send('PATCH', `/btdataset/${dataset.albertId}/variables`, {
      body: { variables: roles },
    });
    expect(set.status, set.text).toBe(200);
    const make = async (name: string): Promise<string> => (await makeTarget({ name })).id;
    ids = {
      good: await make('gloss'),
      text: await make('colour'),
      flat: await make('flat'),
      rare: await make('rare'),
      outside: await make('outside'),
    };
    const targetIds = [ids.good, ids.text, ids.flat, ids.rare];
    const built = await build({ projectIds: ['PRO5'], targetIds }, 'PRO5');
    expect(built.buildState).toBe('ready');
    smart = built.id;
  });

  const validate = async (
    fields: Record<string, unknown>,
    base = '/api/v3',
    path = '/designruns/validate',
  ) => {
    const answer = await server.send('POST', path, {
      base,
      body: { method: 'generate', smartDatasetId: smart, ...fields },
    });
    expect(answer.status, answer.text).toBe(200);
    return answer.body;
  };
  const atLeast = (value: unknown) => ({ operator: 'gte', value });
  const codesOf = (body: Json): string[] => body.violations.map((one: Json) => one.code);

  it('that makes sense is valid, with the number of samples of every target', async () => {
    const body = await validate({ objectives: { [ids.good]: { ...atLeast(10), weight: 2 } } });
    expect(body).toEqual({
      valid: true,
      violations: [],
      targetSampleCounts: { [ids.good]: 12, [ids.text]: 12, [ids.flat]: 12, [ids.rare]: 3 },
    });
    expect(
      await validate({ objectives: { [ids.good]: atLeast(1) } }, '/api/v4', '/design/runs/validation'),
    ).toEqual(body);
  });

  it('is told every violation by its code', async () => {
    const settings = (numCandidatesGenerated: unknown, numCandidatesSelected: unknown) => ({
      settings: { numCandidatesGenerated, numCandidatesSelected },
      objectives: { [ids.good]: atLeast(1) },
    });
    for (const bad of [
      settings(0, 1),
      settings(100_001, 1),
      settings(10, 101),
      settings(1.5, 1),
      settings(5, 6),
    ]) {
      expect(codesOf(await validate(bad))).toEqual(['invalid_settings']);
    }
    expect(codesOf(await validate({ objectives: { [ids.outside]: atLeast(1) } }))).toEqual([
      'objective_out_of_scope',
    ]);
    for (const objective of [
      atLeast('much'),
      { operator: 'between', value: { min: 2, max: 1 } },
      { operator: 'in-set', value: [] },
      { ...atLeast(1), weight: 0 },
      { operator: 'eq', value: 'red' },
    ]) {
      const body = await validate({ objectives: { [ids.good]: objective } });
      expect(body.violations).toMatchObject([{ code: 'invalid_objective', targetId: ids.good }]);
    }
    expect(codesOf(await validate({ objectives: { [ids.text]: atLeast(1) } }))).toEqual([
      'invalid_objective',
    ]);
    expect(codesOf(await validate({ objectives: { [ids.text]: { operator: 'eq', value: 'red' } } }))).toEqual(
      ['model_training_error'],
    );
    expect(codesOf(await validate({ objectives: { [ids.flat]: atLeast(1) } }))).toEqual([
      'model_training_error',
    ]);
    expect(codesOf(await validate({ objectives: { [ids.rare]: atLeast(1) } }))).toEqual([
      'insufficient_training_data',
    ]);
    const everything = await validate({});
    expect(new Set(codesOf(everything))).toEqual(
      new Set(['invalid_objective', 'model_training_error', 'insufficient_training_data']),
    );

    const untargeted = (await build({ projectIds: ['PRO5'] })).id;
    expect(codesOf(await validate({ smartDatasetId: untargeted }))).toEqual(['no_performance_targets']);
    await createDataset(server, 'gloss (GU)\n1\n2\n3\n4\n5\n6\n', { parentId: 'PRO6' });
    const empty = (await build({ projectIds: ['PRO6'], targetIds: [ids.good] })).id;
    expect(codesOf(await validate({ smartDatasetId: empty, method: 'space_filling' }))).toEqual([
      'infeasible_design_space',
    ]);
    const unbuilt = (await post('/smartdatasets?build=false', { scope: { targetIds: [ids.good] } })).id;
    expect(await validate({ smartDatasetId: unbuilt })).toMatchObject({
      valid: false,
      violations: [{ code: 'dataset_not_ready' }],
      targetSampleCounts: null,
    });
    const data = [{ operation: 'update', attribute: 'buildState', newValue: 'ready' }];
    await server.send('PATCH', `/smartdatasets/${unbuilt}`, { body: { data } });
    expect(codesOf(await validate({ smartDatasetId: unbuilt }))).toEqual(['optimization_system_mismatch']);
  });

  it('that is invalid is not started, and the refusal names every violation', async () => {
    const before = server.countEverything()['insight'];
    const body = { method: 'generate', smartDatasetId: smart, settings: { numCandidatesSelected: 0 } };
    const problem = expectProblem(
      await server.send('POST', '/designruns', { body }),
      422,
      'DESIGN_RUN_INVALID',
    );
    expect(problem.errors.map(({ message }) => message.split(':')[0])).toContain('invalid_settings');
    expect(problem.errors.length).toBeGreaterThan(3);
    expect(server.countEverything()['insight']).toBe(before);
    const unknown = { ...body, smartDatasetId: 'SDT9999' };
    expectProblem(await server.send('POST', '/designruns', { body: unknown }), 404, 'RECORD_NOT_FOUND');
    expectProblem(
      await server.send('POST', '/designruns/validate', { body: unknown }),
      404,
      'RECORD_NOT_FOUND',
    );
  });

  it.each([
    ['/api/v3', '/designruns', 'generate', 'Generate', 100_000],
    ['/api/v4', '/design/runs', 'space_filling', 'Smart DOE', 10_000],
  ])(
    'below %s%s becomes a queued insight that holds its whole order',
    async (base, path, method, category, count) => {
      const choice =
        method === 'generate' ? { objectives: { [ids.good]: atLeast(10) } } : { anchorTargets: [ids.good] };
      const body = { method, smartDatasetId: smart, name: 'my run', ...choice };
      const answer = await server.send('POST', path, { base, body });
      expect(answer.status, answer.text).toBe(201);
      expect(answer.body).toMatchObject({
        name: 'my run',
        category,
        state: 'Queued',
        smartDatasetId: smart,
        parentId: 'PRO5',
      });
      expect(answer.body.Registry.Settings).toMatchObject({
        method,
        smartDatasetId: smart,
        numCandidatesGenerated: count,
        numCandidatesSelected: 20,
        seed: 1,
      });
    },
  );
});
