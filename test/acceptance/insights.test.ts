import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataset, createSession, waitForState } from './tables.ts';
import { expectProblem, type Json, TestServer } from './testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.close());

const create = async (fields: Record<string, unknown> = {}): Promise<Json> => {
  const answer = await server.send('POST', '/btinsight', {
    body: { name: 'an insight', category: 'Optimizer', ...fields },
  });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
};
const search = async (query: string): Promise<Json> => {
  const answer = await server.send('GET', `/btinsight/search?${query}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
};
const namesOf = async (query: string): Promise<string[]> =>
  (await search(query)).Items.map((item: Json) => item.name);

describe('an insight', () => {
  it('comes back as it was created, and can be copied', async () => {
    const { albertId: datasetId } = (await createDataset(server)).body;
    const fields = {
      name: 'Kosten — résumé',
      category: 'Custom Optimizer',
      Metadata: { tags: ['cost'], nested: { a: [1, null, 'x'] } },
      state: 'Complete',
      parentId: 'PRO12',
      datasetId,
      outputKey: 'somewhere/else',
      startTime: 'yesterday',
      endTime: 'today',
      totalTime: '1 d',
      RawPayload: { candidates: [{ x: 1.5 }] },
      payloadType: 'Alberto',
      Registry: { BuildLogs: { lines: ['done'] }, Metrics: { r2: 0.5 }, Settings: { n: 3 } },
      contentEdited: false,
    };
    const created = await create(fields);
    expect(created).toMatchObject(fields);
    expect((await server.send('GET', `/btinsight/${created.albertId}`)).body).toEqual(created);
    expect((await server.send('GET', `/btinsight/${created.albertId.toLowerCase()}`)).body).toEqual(created);
    const copy = (await server.send('POST', '/btinsight', { body: created })).body;
    expect(copy.albertId).not.toBe(created.albertId);
    expect((await server.send('GET', '/projects/PRO12')).body.description).toBe('PRO12');
  });

  it('posted as Queued without anybody who computes it ends as Error, and its log says why', async () => {
    const { albertId } = await create({ category: 'Molecule', state: 'Queued' });
    const ended = await waitForState(server, `/btinsight/${albertId}`);
    expect(ended.state).toBe('Error');
    expect(ended.Registry.BuildLogs.lines.at(-1)).toMatchObject({ code: 'INSIGHT_NOT_COMPUTABLE' });
    expect(ended.startTime <= ended.endTime).toBe(true);
    expect(await namesOf(`text=cannot compute&category=Molecule`)).toContain('an insight');
  });

  it('in any other state is its client’s own, and so is every one that a client has patched', async () => {
    for (const state of ['Building Models', 'Generating Candidates', 'Complete', 'Error', undefined]) {
      const { albertId } = await create({ state });
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect((await server.send('GET', `/btinsight/${albertId}`)).body.state).toBe(state);
    }
    const { albertId } = await create({ state: 'Error' });
    const data = [{ operation: 'update', attribute: 'state', oldValue: 'Error', newValue: 'Queued' }];
    await server.send('PATCH', `/btinsight/${albertId}`, { body: { data } });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await server.send('GET', `/btinsight/${albertId}`)).body.state).toBe('Queued');
  });

  it('is changed attribute by attribute, and a change that comes too late is refused', async () => {
    const { albertId } = await create({ Metadata: { a: 1 } });
    const patch = (data: Json[]) => server.send('PATCH', `/btinsight/${albertId}`, { body: { data } });
    const first = await patch([
      { operation: 'update', attribute: 'name', oldValue: 'an insight', newValue: 'renamed' },
      { operation: 'update', attribute: 'Metadata', oldValue: { a: 1 }, newValue: { b: 2, tags: ['new'] } },
      { operation: 'add', attribute: 'contentEdited', newValue: true },
      { operation: 'add', attribute: 'RawPayload', newValue: { x: [1] } },
      { operation: 'add', attribute: 'Registry', newValue: { BuildLogs: { note: 'palimpsest' } } },
    ]);
    expect(first.body).toMatchObject({ name: 'renamed', Metadata: { b: 2 }, contentEdited: true });
    const late = await patch([
      { operation: 'update', attribute: 'name', oldValue: 'an insight', newValue: 'mine' },
    ]);
    expectProblem(late, 409, 'LOST_UPDATE');
    expect(await namesOf('tag=new')).toEqual(['renamed']);
    expect(await namesOf('text=palimpsest')).toEqual(['renamed']);
    const gone = await patch([
      { operation: 'delete', attribute: 'RawPayload', oldValue: { x: [1] } },
      { operation: 'delete', attribute: 'Metadata' },
      { operation: 'delete', attribute: 'Registry' },
    ]);
    expect(gone.body).not.toHaveProperty('RawPayload');
    expect(await namesOf('tag=new')).toEqual([]);
    expect(await namesOf('text=palimpsest')).toEqual([]);
    expectProblem(
      await patch([{ operation: 'update', attribute: 'category', newValue: 'Generate' }]),
      400,
      'ATTRIBUTE_NOT_PATCHABLE',
    );
    expect((await patch([])).status).toBe(200);
  });

  it('is gone when it is deleted, from the search as well', async () => {
    const { albertId } = await create({ name: 'ephemeral', Metadata: { tags: ['brief'] } });
    expect(await namesOf('text=ephemeral')).toEqual(['ephemeral']);
    expect((await server.send('DELETE', `/btinsight/${albertId}`)).status).toBe(204);
    expectProblem(await server.send('GET', `/btinsight/${albertId}`), 404, 'RECORD_NOT_FOUND');
    expectProblem(await server.send('DELETE', `/btinsight/${albertId}`), 404, 'RECORD_NOT_FOUND');
    expect(await namesOf('text=ephemeral')).toEqual([]);
    expect(await namesOf('tag=brief')).toEqual([]);
  });

  it('holds back the dataset, session and model it names until it is deleted', async () => {
    const dataset = (await createDataset(server)).body.albertId;
    const session = (await createSession(server, { category: 'userModel' }, dataset)).body.id;
    const model = (await server.send('POST', `/btmodel/${session}/model`, { body: { name: 'm' } })).body.id;
    const { albertId } = await create({ datasetId: dataset, modelSessionId: session, modelId: model });
    for (const path of [`/btmodel/${session}/model/${model}`, `/btmodel/${session}`]) {
      const problem = expectProblem(await server.send('DELETE', path), 409, 'RECORD_IN_USE');
      expect(problem.detail).toContain(albertId);
    }
    expectProblem(await server.send('DELETE', `/btdataset/${dataset}`), 409, 'DATASET_IN_USE');
    await server.send('DELETE', `/btinsight/${albertId}`);
    expect((await server.send('DELETE', `/btmodel/${session}`)).status).toBe(204);
    expect((await server.send('DELETE', `/btdataset/${dataset}`)).status).toBe(204);
  });

  it.each([
    [{ datasetId: 'DST99999' }, 404, 'RECORD_NOT_FOUND'],
    [{ modelSessionId: 'MDS99999' }, 404, 'RECORD_NOT_FOUND'],
    [{ modelId: 'MDL99999' }, 404, 'RECORD_NOT_FOUND'],
    [{ smartDatasetId: 'SDT99999' }, 404, 'RECORD_NOT_FOUND'],
    [{ state: 'Done' }, 400, 'FIELD_INVALID'],
    [{ category: 'Magic' }, 400, 'FIELD_INVALID'],
    [{ owner: 'me' }, 400, 'FIELD_UNKNOWN'],
  ])('with %j is refused and leaves nothing', async (fields, status, code) => {
    const before = (await search('limit=1')).total;
    const body = { name: 'x', category: 'Optimizer', ...fields };
    expectProblem(await server.send('POST', '/btinsight', { body }), status as number, code as string);
    expect((await search('limit=1')).total).toBe(before);
  });
});

describe('a search', () => {
  let first: TestServer;
  beforeAll(async () => {
    first = server;
    server = await TestServer.start();
    const dataset = (await createDataset(server, undefined, { name: 'Perovskite inks' })).body.albertId;
    const session = (await createSession(server, { name: 'Überzug', category: 'userModel' }, dataset)).body
      .id;
    const model = (await server.send('POST', `/btmodel/${session}/model`, { body: { name: 'Kriging' } })).body
      .id;
    await create({ name: 'alpha', category: 'Generate', state: 'Complete', datasetId: dataset });
    await create({ name: 'beta', category: 'Impact Chart', state: 'Error', modelSessionId: session });
    await create({ name: 'gamma', state: 'Complete', modelId: model, Metadata: { tags: ['red', 'blue'] } });
    await create({ name: 'delta', Metadata: { tags: [{ id: 'TAG1', name: 'blue' }] } });
    await create({
      name: 'epsilon-two',
      Registry: { BuildLogs: { lines: [{ message: 'singular matrix encountered' }] } },
    });
  });
  afterAll(async () => {
    await server.close();
    server = first;
  });

  it.each([
    ['text=alpha', ['alpha']],
    ['text=ALP', ['alpha']],
    ['text=impact', ['beta']],
    ['text=perovskite', ['alpha']],
    ['text=perovskite ink', ['alpha']],
    ['text=uberzug', ['beta']],
    ['text=kriging', ['gamma']],
    ['text=matrix singular', ['epsilon-two']],
    ['text=two', ['epsilon-two']],
    ['text=alpha beta', []],
    ['text=%22alpha OR beta*', []],
    ['text=%2B-%22()', []],
    ['text=%20', ['epsilon-two', 'delta', 'gamma', 'beta', 'alpha']],
    ['name=alpha&name=delta', ['delta', 'alpha']],
    ['state=Complete', ['gamma', 'alpha']],
    ['state=Complete&state=Error', ['gamma', 'beta', 'alpha']],
    ['category=Generate&category=Impact%20Chart', ['beta', 'alpha']],
    ['tag=blue', ['delta', 'gamma']],
    ['tag=blue&text=gam', ['gamma']],
    ['modelSession=MDS1', ['beta']],
    ['modelSession=MDS99', []],
    ['modelSession=nonsense', []],
    ['createdBy=USR1&limit=2', ['epsilon-two', 'delta']],
    ['createdBy=Administrator&limit=1', ['epsilon-two']],
    ['createdBy=USR99', []],
    ['createdBy=nobody&createdBy=USR1&limit=1', ['epsilon-two']],
    ['updatedBy=USR1&limit=1', ['epsilon-two']],
    ['updatedBy=USR7', []],
    ['fromCreatedAt=2020-01-01&limit=1', ['epsilon-two']],
    ['toCreatedAt=2020-01-01', []],
    ['fromUpdatedAt=2999-01-01', []],
    ['toUpdatedAt=2999-01-01T00:00:00Z&limit=1', ['epsilon-two']],
    ['sortBy=name&order=asc', ['alpha', 'beta', 'delta', 'epsilon-two', 'gamma']],
    ['sortBy=name', ['gamma', 'epsilon-two', 'delta', 'beta', 'alpha']],
    ['sortBy=category&order=asc&limit=3', ['alpha', 'beta', 'gamma']],
    ['order=asc&offset=3', ['delta', 'epsilon-two']],
    ['offset=5', []],
    ['text=e&sortBy=name&order=asc&state=Error', []],
  ])('by %s finds exactly that', async (query, names) => {
    expect(await namesOf(query)).toEqual(names);
  });

  it('pages without gaps, with the total on every page', async () => {
    const seen: string[] = [];
    for (let offset = 0; ; offset += 2) {
      const page = await search(`offset=${offset}&limit=2`);
      expect(page).toMatchObject({ offset, total: 5 });
      if (page.Items.length === 0) break;
      seen.push(...page.Items.map((item: Json) => item.name));
    }
    expect(seen).toEqual(['epsilon-two', 'delta', 'gamma', 'beta', 'alpha']);
  });

  it('finds by the new name of a dataset, session or model, and no longer by the old one', async () => {
    const rename = (path: string, name: string) =>
      server.send('PATCH', path, {
        body: { data: [{ operation: 'update', attribute: 'name', newValue: name }] },
      });
    await rename('/btdataset/DST1', 'Silicone');
    await rename('/btmodel/MDS1', 'Varnish');
    await rename('/btmodel/MDS1/model/MDL1', 'Forest');
    expect(await namesOf('text=silicone')).toEqual(['alpha']);
    expect(await namesOf('text=varnish')).toEqual(['beta']);
    expect(await namesOf('text=forest')).toEqual(['gamma']);
    for (const old of ['perovskite', 'uberzug', 'kriging']) expect(await namesOf(`text=${old}`)).toEqual([]);
  });

  it.each(['state=Done', 'order=up', 'sortBy=secretHash', 'limit=1001', 'fromCreatedAt=yesterday', 'x=1'])(
    'by %s is refused',
    async (query) => {
      const answer = await server.send('GET', `/btinsight/search?${query}`);
      expect(answer.status).toBe(400);
    },
  );
});
