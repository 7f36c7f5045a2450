import { type BuildEvent, BuildLog, ModelSession, Preflight, SessionMetrics } from '@athanor/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createDataset,
  createSession,
  hardness,
  hardnessRows,
  hardnessTarget,
  uploadTable,
  waitForState,
} from './tables.ts';
import { expectProblem, type Json, TestServer } from './testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.close());

async function follow(sessionId: string): Promise<BuildEvent[]> {
  const events: BuildEvent[] = [];
  for await (const event of server.client.followBuild(sessionId)) events.push(event);
  return events;
}

describe('an automatic session', () => {
  it('is built, judged and ready to predict', async () => {
    const created = await createSession(server);
    expect(created.status, created.text).toBe(201);
    const { id } = created.body;
    expect(created.body).toMatchObject({ state: 'Queued', target: [hardnessTarget], flag: false });
    expect(created.body.albertModelDetails.models.length).toBeGreaterThanOrEqual(3);

    const session = ModelSession.parse(await waitForState(server, `/btmodel/${id}`));
    expect(session.state).toBe('Complete');
    expect(session.totalTime).toMatch(/^\d+\.\d s$/);
    const metrics = SessionMetrics.parse(session.Registry!.Metrics);
    expect(metrics.targets[0]!.rows).toBe(30);
    expect(session.defaultModel).toBe(metrics.defaultModel);
    const log = BuildLog.parse(session.Registry!.BuildLogs);
    expect(log.lines.length).toBeGreaterThan(3);
    expect(log.inputs).toEqual(['resin (g)', 'hardener (g)', 'temperature (C)']);

    const { body } = await server.send('GET', `/btmodel/${id}/model`);
    expect(session.modelCount).toBe(body.Items.length);
    for (const model of body.Items) {
      expect(model).toMatchObject({
        state: 'Complete',
        type: 'Session',
        parentId: id,
        target: [hardnessTarget],
      });
      expect(model.modelBinaryKey).toBe(`models/${model.id}/model.safetensors`);
      expect(Date.parse(model.endTime)).toBeGreaterThanOrEqual(Date.parse(model.startTime));
      const artifact = await server.client.download(model.modelBinaryKey);
      expect(artifact[8]).toBe('{'.charCodeAt(0));
    }
    // What the fits left behind on the way is gone, bytes included.
    const { Items } = body as { Items: unknown[] };
    await new Promise((resolve) => setTimeout(resolve, 200));
    // The table, and of each model its artifact and what it said of held-out rows.
    expect(server.countEverything()['blobs']).toBe(1 + 2 * Items.length);
  });

  it('has a model that can predict long before it is complete, marked as provisional', async () => {
    const lines = Array.from({ length: 150 }, (_, i) => {
      const [a, b] = [(i * 37) % 101, (i * 53) % 89];
      return `${a},${b},${(a * 0.3 + Math.sin(b / 9) * 8 + ((i * 7919) % 13)).toFixed(2)}`;
    });
    const table = await createDataset(server, ['a,b,strength', ...lines].join('\n'));
    const { id } = (await createSession(server, { target: ['strength'] }, table.body.albertId)).body;
    let early = (await server.send('GET', `/btmodel/${id}`)).body;
    while (early.defaultModel === undefined && ['Queued', 'Building Models'].includes(early.state)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      early = (await server.send('GET', `/btmodel/${id}`)).body;
    }
    expect(early.state).toBe('Building Models');
    expect(early.Registry.Metrics).toMatchObject({ isProvisional: true, defaultModel: early.defaultModel });
    const ask = () => server.send('POST', `/btmodel/${id}/predict`, { body: { rows: [{ a: 1, b: 2 }] } });
    const first = await ask();
    expect(first.status, first.text).toBe(200);
    expect(first.body.model.name).toBe(early.defaultModel);

    const session = await waitForState(server, `/btmodel/${id}`);
    expect(session.state).toBe('Complete');
    expect(session.Registry.Metrics).toMatchObject({ isProvisional: false });
    expect((await ask()).body.model.name).toBe(session.defaultModel);
    // Its bytes are what they were: the same model, now among others.
    const again = await server.send('POST', `/btmodel/${id}/predict`, {
      body: { rows: [{ a: 1, b: 2 }], model: early.defaultModel },
    });
    expect(again.body.targets).toEqual(first.body.targets);
  });

  it('forgets a provisional default when its build is cancelled', async () => {
    const lines = Array.from(
      { length: 400 },
      (_, i) => `${(i * 37) % 401},${(i * 53) % 389},${(i * 7919) % 97}`,
    );
    const table = await createDataset(server, ['a,b,strength', ...lines].join('\n'));
    const { id } = (await createSession(server, { target: ['strength'] }, table.body.albertId)).body;
    let early = (await server.send('GET', `/btmodel/${id}`)).body;
    while (early.defaultModel === undefined && ['Queued', 'Building Models'].includes(early.state)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      early = (await server.send('GET', `/btmodel/${id}`)).body;
    }
    expect(early.state).toBe('Building Models');
    expect((await server.send('POST', `/btmodel/${id}/cancel`)).status).toBeLessThan(300);
    const session = await waitForState(server, `/btmodel/${id}`);
    expect(session.state).toBe('Error');
    expect(session.defaultModel).toBeUndefined();
  });

  it('tells its story as it happens, to those who come early, late and after the end', async () => {
    const { id } = (await createSession(server)).body;
    const early = follow(id);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const late = await follow(id);
    const after = await follow(id);
    for (const events of [await early, late, after]) {
      expect(events.at(-1)).toEqual({ type: 'end', state: 'Complete' });
      const lines = events.flatMap((event) => (event.type === 'log' ? [event.line.message] : []));
      expect(new Set(lines).size).toBe(lines.length);
      expect(lines[0]).toMatch(/^Queued/);
      expect(lines.at(-1)).toMatch(/^Complete/);
    }
    const fractions = (await early).flatMap((event) =>
      event.type === 'progress' ? [event.progress.fraction] : [],
    );
    expect(fractions.length).toBeGreaterThan(0);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(after.some((event) => event.type === 'progress')).toBe(false);
  });

  it('waits for the data of its dataset, and is built when the key is patched in', async () => {
    const empty = await server.send('POST', '/btdataset', { body: { name: 'empty so far' } });
    const { id } = (await createSession(server, {}, empty.body.albertId)).body;
    expect((await server.send('GET', `/btmodel/${id}`)).body.state).toBe('Queued');
    const { key } = (await createDataset(server)).body;
    await server.send('PATCH', `/btdataset/${empty.body.albertId}`, {
      body: { data: [{ operation: 'add', attribute: 'key', newValue: key }] },
    });
    expect((await waitForState(server, `/btmodel/${id}`)).state).toBe('Complete');
  });

  it('that waited for data it cannot be built from ends as an error that says why', async () => {
    const empty = await server.send('POST', '/btdataset', { body: { name: 'empty so far' } });
    const { id } = (await createSession(server, { target: ['softness'] }, empty.body.albertId)).body;
    const { key } = (await createDataset(server)).body;
    await server.send('PATCH', `/btdataset/${empty.body.albertId}`, {
      body: { data: [{ operation: 'add', attribute: 'key', newValue: key }] },
    });
    const session = await waitForState(server, `/btmodel/${id}`);
    expect(session.state).toBe('Error');
    expect(session.Registry.BuildLogs.lines.at(-1)).toMatchObject({ code: 'TARGET_UNKNOWN' });
  });

  it('takes options from albertModelDetails, where the public client can put them', async () => {
    const details = { options: { ignore: ['temperature (C)'], seed: 7 }, note: 'mine' };
    const { id } = (await createSession(server, { albertModelDetails: details })).body;
    const session = await waitForState(server, `/btmodel/${id}`);
    expect(session.buildOptions).toEqual(details.options);
    expect(session.albertModelDetails).toMatchObject({ note: 'mine', state: 'Complete' });
    expect(session.Registry.BuildLogs).toMatchObject({ seed: 7, inputs: ['resin (g)', 'hardener (g)'] });
    const wrong = await createSession(server, { albertModelDetails: { options: { sed: 7 } } });
    expect(expectProblem(wrong, 400, 'FIELD_UNKNOWN').location.field).toBe(
      'body/albertModelDetails/options/sed',
    );
  });

  it('gives the same models and metrics for the same data and seed', async () => {
    const { albertId } = (await createDataset(server)).body;
    const build = async () => {
      const { id } = (await createSession(server, {}, albertId)).body;
      const session = await waitForState(server, `/btmodel/${id}`);
      const hashes = [];
      for (const { id: model } of session.albertModelDetails.models) {
        const { etag } = await server.client.call('getFileInfo', {
          query: { name: `models/${model}/model.safetensors`, namespace: 'breakthrough' },
        });
        hashes.push(etag);
      }
      const targets = session.Registry.Metrics.targets.map((target: Json) =>
        target.leaderboard.map(({ metrics: { fitSeconds: _, ...metrics }, ...entry }: Json) => ({
          ...entry,
          metrics,
        })),
      );
      return { targets, hashes };
    };
    expect(await build()).toEqual(await build());
  });

  it('is repeated from its registry to the byte, whatever has been said of the columns since', async () => {
    const { albertId } = (await createDataset(server)).body;
    const options = { buildOptions: { seed: 11, ignore: ['resin (g)'], question: 'new_region' } };
    const { id } = (await createSession(server, options, albertId)).body;
    const first = await waitForState(server, `/btmodel/${id}`);
    const log = BuildLog.parse(first.Registry.BuildLogs);
    expect(log.artifacts.length).toBe(first.modelCount);
    const built = log.artifacts.map(({ model }) => model);
    // The ensemble has no fits of its own.
    expect(log.timings.map(({ model }) => model).sort()).toEqual(
      built.filter((name) => name !== 'Ensemble').sort(),
    );
    expect(log.timings.every(({ fits, seconds }) => fits > 1 && seconds > 0)).toBe(true);
    const told = log.lines.map(({ stage, message }) => `${stage}: ${message}`).join('\n');
    expect(told).toContain('read: Read 30 rows and 4 columns from csv');
    expect(told).toContain('drop: resin (g) is left out: it was asked for');

    await server.send('PATCH', `/btdataset/${albertId}/variables`, {
      body: { variables: [{ key: 'temperature (C)', role: 'ignored' }] },
    });
    const repeated = await server.send('POST', `/btmodel/${id}/repeat`);
    expect(repeated.status, repeated.text).toBe(201);
    const second = await waitForState(server, `/btmodel/${repeated.body.id}`);
    const again = BuildLog.parse(second.Registry.BuildLogs);
    expect(again.artifacts).toEqual(log.artifacts);
    expect(again).toMatchObject({ seed: 11, question: 'new_region', inputs: log.inputs });
    expect(again.lines.map(({ message }) => message)).toContain(
      `Repeats ${id} to the byte: ${log.artifacts.length} models`,
    );
  });

  it('is repeated from former data, but not when its registry does not say how or names other data', async () => {
    const { albertId } = (await createDataset(server)).body;
    const { id } = (await createSession(server, {}, albertId)).body;
    const { Registry } = await waitForState(server, `/btmodel/${id}`);
    const key = await uploadTable(server, `${hardness}\n90,25,80,260`);
    await server.send('PATCH', `/btdataset/${albertId}`, {
      body: { data: [{ operation: 'update', attribute: 'key', newValue: key }] },
    });
    const repeated = await server.send('POST', `/btmodel/${id}/repeat`);
    expect(repeated.status, repeated.text).toBe(201);
    await server.send('POST', `/btmodel/${repeated.body.id}/cancel`);
    const write = (oldValue: Json, newValue: Json) =>
      server.send('PATCH', `/btmodel/${id}`, {
        body: { data: [{ operation: 'update', attribute: 'Registry', oldValue, newValue }] },
      });
    const other = { ...Registry, BuildLogs: { ...Registry.BuildLogs, dataHash: 'f'.repeat(64) } };
    await write(Registry, other);
    expectProblem(await server.send('POST', `/btmodel/${id}/repeat`), 409, 'DATASET_CHANGED');
    await write(other, { Metrics: {} });
    expectProblem(await server.send('POST', `/btmodel/${id}/repeat`), 409, 'SESSION_NOT_REPEATABLE');
  });

  it('is cancelled within two seconds and says so; cancelled again there is nothing to cancel', async () => {
    const { id } = (await createSession(server)).body;
    await waitForState(server, `/btmodel/${id}`, ['Building Models']);
    const begin = performance.now();
    const cancelled = await server.send('POST', `/btmodel/${id}/cancel`);
    expect(cancelled.status).toBe(202);
    expect(cancelled.body.state).toBe('Error');
    expect(performance.now() - begin).toBeLessThan(2_000);
    const lines = cancelled.body.Registry.BuildLogs.lines;
    expect(lines.at(-1)).toMatchObject({ code: 'CANCELLED' });
    await new Promise((resolve) => setTimeout(resolve, 500));
    const later = (await server.send('GET', `/btmodel/${id}`)).body;
    expect(later).toEqual(cancelled.body);
    for (const model of later.albertModelDetails.models) expect(model.state).toBe('Error');
    expectProblem(await server.send('POST', `/btmodel/${id}/cancel`), 409, 'BUILD_NOT_RUNNING');
    expect((await follow(id)).at(-1)).toEqual({ type: 'end', state: 'Error' });
  });

  it('is looked at before it is built, and nothing is stored', async () => {
    const { albertId } = (await createDataset(server)).body;
    const before = server.countEverything();
    const body = { datasetId: albertId, target: [hardnessTarget], buildOptions: { ignore: ['resin (g)'] } };
    const reply = await server.send('POST', '/btmodel/preflight', { body });
    expect(reply.status, reply.text).toBe(200);
    const preflight = Preflight.parse(reply.body);
    expect(preflight.inputs).toEqual(['hardener (g)', 'temperature (C)']);
    expect(preflight.leftOut).toEqual([{ column: 'resin (g)', reason: 'it was asked for' }]);
    expect(preflight.targets).toMatchObject([{ target: hardnessTarget, unit: 'HV', rows: 30 }]);
    expect(preflight.models.map(({ kind }) => kind)).toContain('gaussianProcess');
    expect(preflight.seconds).toBeGreaterThan(0);
    expect(preflight.memoryBytes).toBeGreaterThan(1e7);
    expectProblem(
      await server.send('POST', '/btmodel/preflight', { body: { ...body, target: ['softness'] } }),
      422,
      'TARGET_UNKNOWN',
    );
    expect(server.countEverything()).toEqual(before);

    const { id } = (await createSession(server, {}, albertId)).body;
    await waitForState(server, `/btmodel/${id}`);
    const again = await server.send('POST', `/btmodel/${id}/preflight`, { body: { seed: 5 } });
    expect(Preflight.parse(again.body).inputs).toHaveLength(3);
    const own = (await createSession(server, { category: 'userModel' }, albertId)).body.id;
    expectProblem(await server.send('POST', `/btmodel/${own}/preflight`), 409, 'SESSION_NOT_BUILDABLE');
  });

  it('learns from columns taken for results, once a target is named that nobody would have guessed', async () => {
    // A field trial with its result first: without a word, the last column of numbers is the target.
    const lines = Array.from(
      { length: 40 },
      (_, i) => `${(i * 37) % 41},${i % 8},${(i * 3) % 7},${'ABC'[i % 3]}`,
    );
    const { albertId } = (await createDataset(server, ['decrease,row,column,treatment', ...lines].join('\n')))
      .body;
    const look = async (target: string): Promise<Preflight> =>
      Preflight.parse(
        (await server.send('POST', '/btmodel/preflight', { body: { datasetId: albertId, target: [target] } }))
          .body,
      );
    expect((await look('decrease')).inputs).toEqual(['row', 'column', 'treatment']);
    expect((await look('column')).inputs).toEqual(['decrease', 'row']);
    // The dataset itself is as it was read.
    const { variables } = (await server.send('GET', `/btdataset/${albertId}/variables`)).body;
    expect(variables.map(({ role }: Json) => role)).toEqual(['input', 'input', 'target', 'ignored']);
  });

  it('is built again on request, under the same ids, and answers with its former models meanwhile', async () => {
    const { id } = (await createSession(server)).body;
    const first = await waitForState(server, `/btmodel/${id}`);
    const again = await server.send('POST', `/btmodel/${id}/build`, { body: { seed: 5 } });
    expect(again.status, again.text).toBe(202);
    expect(again.body).toMatchObject({ state: 'Queued', buildOptions: { seed: 5 } });
    expectProblem(await server.send('POST', `/btmodel/${id}/build`), 409, 'BUILD_IN_PROGRESS');
    const meanwhile = await server.send('POST', `/btmodel/${id}/predict`, {
      body: { rows: hardnessRows(2) },
    });
    expect(meanwhile.status, meanwhile.text).toBe(200);
    const second = await waitForState(server, `/btmodel/${id}`);
    expect(second.state).toBe('Complete');
    expect(second.Registry.BuildLogs.seed).toBe(5);
    const ids = (session: Json) => session.albertModelDetails.models.map((model: { id: string }) => model.id);
    expect(ids(second)).toEqual(ids(first));
  });

  it('is deleted with its models and their bytes, also while it is built', async () => {
    const dataset = (await createDataset(server)).body.albertId;
    const before = server.countEverything();
    const built = (await createSession(server, {}, dataset)).body.id;
    await waitForState(server, `/btmodel/${built}`);
    const model = (await server.send('GET', `/btmodel/${built}/model`)).body.Items[0];
    const running = (await createSession(server, {}, dataset)).body.id;
    await waitForState(server, `/btmodel/${running}`, ['Building Models']);
    for (const id of [built, running]) {
      expect((await server.send('DELETE', `/btmodel/${id}`)).status).toBe(204);
      expectProblem(await server.send('GET', `/btmodel/${id}`), 404, 'RECORD_NOT_FOUND');
      expectProblem(await server.send('DELETE', `/btmodel/${id}`), 404, 'RECORD_NOT_FOUND');
    }
    expectProblem(await server.send('GET', `/btmodel/models/${model.id}`), 404, 'RECORD_NOT_FOUND');
    const info = `/files/info?name=${encodeURIComponent(model.modelBinaryKey)}&namespace=breakthrough`;
    expectProblem(await server.send('GET', info), 404, 'FILE_NOT_FOUND');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { job: _, auditEntry: _a, ...after } = server.countEverything();
    const { job: __, auditEntry: __a, ...wanted } = before;
    expect(after).toEqual(wanted);
  });

  it('row 93: keeps its dataset from being deleted', async () => {
    const { albertId } = (await createDataset(server)).body;
    const { id } = (await createSession(server, {}, albertId)).body;
    const problem = expectProblem(
      await server.send('DELETE', `/btdataset/${albertId}`),
      409,
      'DATASET_IN_USE',
    );
    expect(problem.detail).toContain(id);
    await server.send('DELETE', `/btmodel/${id}`);
    expect((await server.send('DELETE', `/btdataset/${albertId}`)).status).toBe(204);
  });

  it('leaves a registry that a client wrote alone', async () => {
    const { id } = (await createSession(server)).body;
    const Registry = { Metrics: { rmse: 0.5 } };
    const patched = await server.send('PATCH', `/btmodel/${id}`, {
      body: { data: [{ operation: 'add', attribute: 'Registry', newValue: Registry }] },
    });
    expect(patched.status, patched.text).toBe(200);
    const session = await waitForState(server, `/btmodel/${id}`);
    expect(session.state).toBe('Complete');
    expect(session.Registry).toEqual(Registry);
    expect(session.defaultModel).toBeTruthy();
  });
});

describe('what cannot be built is refused at once and leaves nothing', () => {
  const column = (values: readonly (string | number)[]) =>
    ['a,b,y', ...values.map((value, i) => `${i},${(i * 7) % 5},${value}`)].join('\n');
  const many = (value: (i: number) => string | number) =>
    column(Array.from({ length: 30 }, (_, i) => value(i)));

  it.each([
    ['row 62: two rows', 'a,b,y\n1,2,3\n2,5,4', 'ROWS_TOO_FEW', /2/],
    ['row 64: a target without values', many(() => ''), 'TARGET_EMPTY', /y/],
    ['row 66: a constant target', many(() => 5), 'TARGET_CONSTANT', /y/],
    ['a target of words', many((i) => ['red', 'green', 'blue'][i % 3]!), 'TARGET_NOT_NUMERIC', /y/],
  ])('%s', async (_name, table, code, detail) => {
    const { albertId } = (await createDataset(server, table)).body;
    const before = server.countEverything();
    const answer = await createSession(server, { target: ['y'] }, albertId);
    expect(expectProblem(answer, 422, code).detail).toMatch(detail);
    expect(server.countEverything()).toEqual(before);
  });

  it('an unknown target, with the columns there are', async () => {
    const { albertId } = (await createDataset(server)).body;
    const before = server.countEverything();
    const problem = expectProblem(
      await createSession(server, { target: ['softness'] }, albertId),
      422,
      'TARGET_UNKNOWN',
    );
    expect(problem.detail).toContain(hardnessTarget);
    expect(server.countEverything()).toEqual(before);
  });

  it('an unknown dataset, or an option that names no column', async () => {
    const answer = await createSession(server, {}, 'DST999999');
    expect(expectProblem(answer, 404, 'RECORD_NOT_FOUND').location.field).toBe('body/datasetId');
    const ignored = await createSession(server, { buildOptions: { ignore: ['nothing'] } });
    expectProblem(ignored, 422, 'COLUMN_UNKNOWN');
  });

  it('row 65: a partly missing target is built from the rows that have it', async () => {
    const table = many((i) => (i % 3 === 0 ? '' : i * 1.5 + ((i * 7) % 5)));
    const { albertId } = (await createDataset(server, table)).body;
    const { id } = (await createSession(server, { target: ['y'] }, albertId)).body;
    const session = await waitForState(server, `/btmodel/${id}`);
    expect(session.Registry.Metrics.targets[0].rows).toBe(20);
  });

  it('row 63: fewer rows than columns are built', async () => {
    const header = Array.from({ length: 20 }, (_, j) => `x${j}`).join(',');
    const rows = Array.from({ length: 12 }, (_, i) =>
      [...Array.from({ length: 20 }, (_, j) => ((i * (j + 3)) % 17) / 3), i * 2.5].join(','),
    );
    const { albertId } = (await createDataset(server, [`${header},y`, ...rows].join('\n'))).body;
    const created = await createSession(server, { target: ['y'] }, albertId);
    expect(created.status, created.text).toBe(201);
    expect((await waitForState(server, `/btmodel/${created.body.id}`)).state).toBe('Complete');
  });
});

describe('a user’s session', () => {
  const create = (fields: Record<string, unknown> = {}, datasetId?: string) =>
    createSession(server, { category: 'userModel', ...fields }, datasetId);

  it('keeps what the user says and builds nothing by itself', async () => {
    const fields = {
      defaultModel: 'Forest',
      totalTime: '12 s',
      modelCount: 3,
      Registry: { BuildLogs: { a: [1] }, Metrics: { rmse: 0.5 } },
      flag: true,
    };
    const { id } = (await create({ ...fields, albertModelDetails: { anything: true } })).body;
    await new Promise((resolve) => setTimeout(resolve, 200));
    const { body } = await server.send('GET', `/btmodel/${id}`);
    expect(body).toMatchObject(fields);
    expect(body.albertModelDetails).toEqual({ anything: true, state: 'Queued', models: [] });
    expectProblem(await server.send('POST', `/btmodel/${id}/build`), 409, 'SESSION_NOT_BUILDABLE');
    expectProblem(await server.send('POST', `/btmodel/${id}/cancel`), 409, 'BUILD_NOT_RUNNING');
  });

  it('may be made on a table nothing can be built from: that is its user’s business', async () => {
    const { albertId } = (await createDataset(server, 'a,y\n1,2')).body;
    expect((await create({ target: ['whatever'] }, albertId)).status).toBe(201);
  });

  it('takes patches of name, flag and registry, and of nothing else', async () => {
    const { id } = (await create()).body;
    const patch = (...data: unknown[]) => server.send('PATCH', `/btmodel/${id}`, { body: { data } });
    const answer = await patch(
      { operation: 'update', attribute: 'name', oldValue: 'a session', newValue: 'renamed' },
      { operation: 'update', attribute: 'flag', oldValue: false, newValue: true },
      { operation: 'add', attribute: 'Registry', newValue: { Metrics: { rmse: 1 } } },
    );
    expect(answer.body).toMatchObject({ name: 'renamed', flag: true, Registry: { Metrics: { rmse: 1 } } });
    expect((await patch({ operation: 'delete', attribute: 'flag', oldValue: true })).body.flag).toBe(false);
    expect((await patch({ operation: 'delete', attribute: 'Registry' })).body.Registry).toBeUndefined();
    expect((await patch()).body.name).toBe('renamed');
    expectProblem(
      await patch({ operation: 'update', attribute: 'category', newValue: 'albertModel' }),
      400,
      'ATTRIBUTE_NOT_PATCHABLE',
    );
    const lost = await patch({
      operation: 'update',
      attribute: 'name',
      oldValue: 'a session',
      newValue: 'mine',
    });
    expectProblem(lost, 409, 'LOST_UPDATE');
  });

  it('is listed, newest first, by dataset', async () => {
    const { albertId } = (await createDataset(server)).body;
    const ids = [(await create({}, albertId)).body.id, (await create({}, albertId)).body.id];
    const { body } = await server.send('GET', `/btmodel?datasetId=${albertId}`);
    expect(body.Items.map((session: { id: string }) => session.id)).toEqual(ids.reverse());
    expect((await server.send('GET', '/btmodel?datasetId=nonsense')).body.Items).toEqual([]);
  });
});
