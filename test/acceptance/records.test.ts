import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataset } from './tables.ts';
import { expectProblem, type Json, TestServer } from './testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.close());

const target = {
  name: 'Hardness spec',
  type: 'performance',
  dataTemplateId: 'DAT1',
  dataColumnId: 'DAC1',
  targetValue: { operator: 'gte', value: 90 },
  isRequired: true,
};
const post = async (path: string, body: Json, headers: Record<string, string> = {}): Promise<Json> => {
  const answer = await server.send('POST', path, { body, headers });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
};

describe('a target', () => {
  it.each([
    { operator: 'eq', value: 5 },
    { operator: 'eq', value: 'blue' },
    { operator: 'gt', value: -1.5 },
    { operator: 'gte', value: 0 },
    { operator: 'lt', value: 1e300 },
    { operator: 'lte', value: 7 },
    { operator: 'between', value: { min: 1, max: 1 } },
    { operator: 'in-set', value: ['a', 2, true] },
  ])('keeps the criterion %j', async (targetValue) => {
    const { id } = await post('/targets', { ...target, targetValue });
    expect((await server.send('GET', `/targets/${id}`)).body.targetValue).toEqual(targetValue);
  });

  it.each([
    { operator: 'gt', value: 'much' },
    { operator: 'between', value: { min: 2, max: 1 } },
    { operator: 'between', value: 3 },
    { operator: 'in-set', value: [] },
    { operator: 'in-set', value: 3 },
    { operator: 'about', value: 3 },
    { operator: 'eq', value: null },
  ])('with the criterion %j is refused', async (targetValue) => {
    const answer = await server.send('POST', '/targets', { body: { ...target, targetValue } });
    expectProblem(answer, 400, 'FIELD_INVALID');
  });

  it('keeps its conditions, is read alone, by ids and in a list, and is gone when deleted', async () => {
    const parameters = [
      {
        id: 'PRM1',
        parameterGroupId: 'PRG1',
        category: 'Normal',
        unitId: 'UNI1',
        value: { operator: 'between', value: { min: 20, max: 25 } },
        sequence: '1',
      },
      { id: 'PRM2', category: 'Special', specialType: 'Equipment', value: 3, sequence: '2' },
    ];
    const a = await post('/targets', {
      ...target,
      parameters,
      parentId: 'PRO300',
      unitId: 'UNI2',
      validation: [{ datatype: 'number' }],
    });
    expect((await server.send('GET', `/targets/${a.id}?parentId=PRO300`)).body).toEqual(a);
    expect(a).toMatchObject({ parameters, parentId: 'PRO300', unitId: 'UNI2' });
    const b = await post('/targets', target);
    const ids = `/targets/ids?id=${b.id}&id=${a.id}&id=TAR99999&id=x&id=${a.id}`;
    expect((await server.send('GET', ids)).body.Items).toEqual([a, b]);
    expect((await server.send('GET', '/targets/ids')).body.Items).toEqual([]);
    expect((await server.send('GET', '/targets?parentId=PRO300')).body.Items).toEqual([a]);
    expect((await server.send('DELETE', `/targets/${a.id}`)).status).toBe(204);
    expectProblem(await server.send('GET', `/targets/${a.id}`), 404, 'RECORD_NOT_FOUND');
  });

  it('stays while the scope of a smart dataset names it', async () => {
    const { id } = await post('/targets', target);
    const smart = await post('/smartdatasets?build=false', { scope: { targetIds: [id] } });
    const problem = expectProblem(await server.send('DELETE', `/targets/${id}`), 409, 'RECORD_IN_USE');
    expect(problem.detail).toContain(smart.id);
    await server.send('DELETE', `/smartdatasets/${smart.id}`);
    expect((await server.send('DELETE', `/targets/${id}`)).status).toBe(204);
  });
});

describe('a project', () => {
  it('is created by route or by its first use, with numbers that never meet', async () => {
    const next = (await post('/projects', { description: 'A' })).albertId as string;
    const taken = `PRO${Number(next.slice(3)) + 1}`;
    await post('/btinsight', { name: 'x', category: 'Generate', parentId: taken });
    const after = (await post('/projects', { description: 'B', class: 'shared', prefix: 'B' })).albertId;
    expect(after).toBe(`PRO${Number(next.slice(3)) + 2}`);
    expect((await server.send('GET', `/projects/${taken}`)).body.description).toBe(taken);
    const listed = (await server.send('GET', '/projects')).body.Items.map((item: Json) => item.albertId);
    expect(listed).toEqual(expect.arrayContaining([next, taken, after]));
  });

  it('is found by a part of its description, and refuses filters that it does not have', async () => {
    const { albertId } = await post('/projects', { description: 'Weatherproof Coatings' });
    const search = (body: Json) => server.send('POST', '/projects/search', { body });
    const found = (await search({ text: 'COATING', status: ['active'], location: null, searchAfter: [] }))
      .body;
    expect(found).toMatchObject({ total: 1, offset: 0, Items: [{ albertId }] });
    expect((await search({ status: 'inactive' })).body.total).toBe(0);
    expectProblem(await search({ location: ['Basel'] }), 400, 'FIELD_INVALID');
  });

  it('is changed, and deleted only when nothing hangs under it', async () => {
    const { albertId } = await post('/projects', { description: 'Short-lived' });
    const data = [{ operation: 'update', attribute: 'description', newValue: 'Renamed' }];
    expect((await server.send('PATCH', `/projects/${albertId}`, { body: { data } })).body.description).toBe(
      'Renamed',
    );
    const dataset = (await createDataset(server, undefined, { References: { project_ids: [albertId] } }))
      .body;
    const problem = expectProblem(await server.send('DELETE', `/projects/${albertId}`), 409, 'RECORD_IN_USE');
    expect(problem.detail).toContain(dataset.albertId);
    await server.send('DELETE', `/btdataset/${dataset.albertId}`);
    expect((await server.send('DELETE', `/projects/${albertId}`)).status).toBe(204);
    expectProblem(await server.send('GET', `/projects/${albertId}`), 404, 'RECORD_NOT_FOUND');
  });
});

describe('a deleted dataset', () => {
  it('takes its bytes along, unless another dataset has them too', async () => {
    const content = `a,b\n${Array.from({ length: 9 }, (_, i) => `${i},${i * 7}`).join('\n')}\n`;
    const before = server.countEverything();
    const first = (await createDataset(server, content)).body;
    const second = (await server.send('POST', '/btdataset', { body: { name: 'twin', key: first.key } })).body;
    await server.send('DELETE', `/btdataset/${first.albertId}`);
    expect((await server.send('GET', `/btdataset/${second.albertId}/rows`)).status).toBe(200);
    await server.send('DELETE', `/btdataset/${second.albertId}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const after = server.countEverything();
    expect(after['blobs']).toBe(before['blobs']);
    expect(after['file']).toBe(before['file']);
    const info = `/files/info?name=${encodeURIComponent(first.key)}&namespace=breakthrough`;
    expectProblem(await server.send('GET', info), 404, 'FILE_NOT_FOUND');
  });
});

describe('an Idempotency-Key', () => {
  const key = (name: string) => ({ 'idempotency-key': name });

  it('lets a request take effect once, however often and however fast it comes', async () => {
    const before = server.countEverything()['insight'];
    const body = { name: 'once', category: 'Generate' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        server.send('POST', '/btinsight', { body, headers: key('ten-at-once') }),
      ),
    );
    answers.push(await server.send('POST', '/btinsight', { body, headers: key('ten-at-once') }));
    for (const answer of answers) {
      expect(answer.status).toBe(201);
      expect(answer.text).toBe(answers[0]!.text);
    }
    expect(server.countEverything()['insight']).toBe(before! + 1);
  });

  it('survives a restart', async () => {
    const body = { ...target, name: 'kept' };
    const first = await post('/targets', body, key('restart'));
    await server.restart();
    expect(await post('/targets', body, key('restart'))).toEqual(first);
  });

  it('is refused with another request, and is each client’s own', async () => {
    await post('/projects', { description: 'one' }, key('same'));
    for (const [path, body] of [
      ['/projects', { description: 'two' }],
      ['/targets', target],
    ] as const) {
      const answer = await server.send('POST', path, { body, headers: key('same') });
      expectProblem(answer, 409, 'IDEMPOTENCY_KEY_REUSED');
    }
    const { clientId, clientSecret } = await post('/clients', { name: 'second', userClass: 'standard' });
    const { access_token: token } = await server.client.call('createToken', {
      body: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
    });
    const answer = await server.send('POST', '/projects', {
      body: { description: 'mine' },
      headers: key('same'),
      token,
    });
    expect(answer.body.description).toBe('mine');
  });

  it('is free again after a refusal, and refused where an answer cannot be given twice', async () => {
    const bad = await server.send('POST', '/projects', { body: { description: '' }, headers: key('bad') });
    expectProblem(bad, 400, 'FIELD_INVALID');
    await post('/projects', { description: 'good' }, key('bad'));
    for (const name of ['', 'x'.repeat(256), 'ü']) {
      const headers = key(name === 'ü' ? 'a b' : name);
      const answer = await server.send('POST', '/projects', { body: { description: 'x' }, headers });
      expectProblem(answer, 400, 'IDEMPOTENCY_KEY_UNUSABLE');
    }
    const client = await server.send('POST', '/clients', { body: { name: 'c' }, headers: key('client') });
    expectProblem(client, 400, 'IDEMPOTENCY_KEY_UNUSABLE');
  });
});

describe('the audit', () => {
  it('tells who did what to a record, with what it was before and after, also when it is gone', async () => {
    const { id } = await post('/targets', { ...target, name: 'watched' });
    const insight = await post('/btinsight', { name: 'watched', category: 'Generate' });
    const data = [{ operation: 'update', attribute: 'name', newValue: 'renamed' }];
    await server.send('PATCH', `/btinsight/${insight.albertId}`, { body: { data } });
    await server.send('DELETE', `/btinsight/${insight.albertId}`);
    const { Items } = (await server.send('GET', `/audit?record=${insight.albertId}`)).body;
    expect(Items.map((entry: Json) => entry.action)).toEqual(['delete', 'update', 'create']);
    expect(Items[1]).toMatchObject({
      by: 'USR1',
      byName: 'Administrator',
      kind: 'insight',
      before: { name: 'watched' },
      after: { name: 'renamed' },
    });
    expect(Items[2].before).toBeNull();
    expect(Items[2].after).toEqual(insight);
    expect(Items[0].after).toBeNull();
    expect((await server.send('GET', `/audit?record=${id.toLowerCase()}`)).body.Items).toHaveLength(1);
  });

  it('pages through everything, newest first, by user and action', async () => {
    const seen: number[] = [];
    let startKey = '';
    do {
      const page = (await server.send('GET', `/audit?limit=7${startKey}`)).body;
      seen.push(...page.Items.map((entry: Json) => entry.number));
      startKey = page.lastKey === undefined ? '' : `&startKey=${page.lastKey}`;
    } while (startKey !== '');
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => b - a));
    expect(seen).toHaveLength(server.countEverything()['auditEntry']!);
    const deletes = (await server.send('GET', '/audit?action=delete&by=USR1')).body.Items;
    expect(new Set(deletes.map((entry: Json) => entry.action))).toEqual(new Set(['delete']));
    expect((await server.send('GET', '/audit?by=USR999')).body.Items).toEqual([]);
    expectProblem(await server.send('GET', '/audit?startKey=x'), 400, 'FIELD_INVALID');
  });
});
