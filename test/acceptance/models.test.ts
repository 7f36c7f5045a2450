import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildStates, OutOfFoldReply, PredictReply, SessionMetrics } from '@athanor/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataset, createSession, hardnessRows, hardnessTarget, waitForState } from './tables.ts';
import { expectProblem, type Json, TestServer } from './testServer.ts';

let server: TestServer;
let datasetId: string;
let sessionId: string;
beforeAll(async () => {
  server = await TestServer.start();
  datasetId = (await createDataset(server)).body.albertId;
  sessionId = (await createSession(server, { category: 'userModel' }, datasetId)).body.id;
});
afterAll(() => server.close());

/** Where models live: in a session, or by themselves. */
const places = [
  ['in a session', () => `/btmodel/${sessionId}/model`],
  ['detached', () => '/btmodel/models/detached'],
] as const;

describe.each(places)('a model %s', (place, base) => {
  const create = (fields: Record<string, unknown> = {}) =>
    server.send('POST', base(), { body: { name: 'Forest', ...fields } });
  const patch = (id: string, ...data: unknown[]) =>
    server.send('PATCH', `${base()}/${id}`, { body: { data } });

  it('comes back as it was created', async () => {
    const fields = {
      datasetId,
      Metadata: { trees: 300, nested: { a: [1, 2] } },
      state: 'Building Models',
      target: ['a', 'b'],
      startTime: 'TEST',
      modelBinaryKey: 'elsewhere/forest.bin',
    };
    const created = await create(fields);
    expect(created.status, created.text).toBe(201);
    const { body } = await server.send('GET', `${base()}/${created.body.id}`);
    expect(body).toMatchObject({
      ...fields,
      flag: false,
      type: place === 'detached' ? 'Detached' : 'Session',
    });
    expect(body.parentId).toBe(place === 'detached' ? undefined : sessionId);
    expect((await server.send('GET', `/btmodel/models/${body.id}`)).body).toEqual(body);
    expect((await server.send('GET', base())).body.Items.map((one: Json) => one.id)).toContain(body.id);
  });

  it.each(buildStates)('is driven by its client into state %s and never touched by us', async (state) => {
    const { id } = (await create({ state: 'Building Models', datasetId, target: [hardnessTarget] })).body;
    const changed = await patch(
      id,
      { operation: 'update', attribute: 'state', oldValue: 'Building Models', newValue: state },
      { operation: 'add', attribute: 'endTime', newValue: 'later' },
      { operation: 'add', attribute: 'Metadata', newValue: { epoch: 3 } },
    );
    expect(changed.status, changed.text).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await server.send('GET', `${base()}/${id}`)).body).toEqual(changed.body);
    expect(changed.body).toMatchObject({ state, endTime: 'later', Metadata: { epoch: 3 } });
  });

  it('knows no other word for a state', async () => {
    for (const state of ['Cancelled', 'complete', 'Failed', '']) {
      const problem = expectProblem(await create({ state }), 400, 'FIELD_INVALID');
      expect(problem.detail).toContain('Queued, Building Models, Generating Candidates, Complete, Error');
    }
  });

  it('that is queued is built', async () => {
    const created = await create({
      name: 'Linear',
      datasetId,
      state: 'Queued',
      target: [hardnessTarget],
      Metadata: { algorithm: 'ridge', inputs: ['resin (g)', 'hardener (g)'], note: 'mine' },
    });
    expect(created.status, created.text).toBe(201);
    expect(created.body.state).toBe('Queued');
    const model = await waitForState(server, `${base()}/${created.body.id}`);
    expect(model).toMatchObject({
      state: 'Complete',
      target: [hardnessTarget],
      Metadata: { note: 'mine', algorithm: 'ridge' },
    });
    expect(model.Metadata.BuildLogs.inputs).toEqual(['resin (g)', 'hardener (g)']);
    expect(model.Metadata.Metrics.targets[0].leaderboard).toHaveLength(1);
    expect((await server.client.download(model.modelBinaryKey)).length).toBeGreaterThan(100);
    const rows = hardnessRows(3).map(({ 'temperature (C)': _, ...row }) => row);
    const reply = await server.send('POST', `/btmodel/models/${model.id}/predict`, { body: { rows } });
    expect(PredictReply.parse(reply.body).model).toEqual({ id: model.id, name: 'Linear' });
  });

  it('is built as its Metadata says: algorithm, inputs, directions, weights', async () => {
    const Metadata = {
      algorithm: 'gradientBoosting',
      inputs: ['resin (g)', 'temperature (C)', 'hardener (g)'],
      monotone: { 'resin (g)': 'decreasing' },
      weights: 'hardener (g)',
      hyperparameters: { maxRounds: 40, copies: 1 },
    };
    const { id } = (await create({ datasetId, state: 'Queued', target: [hardnessTarget], Metadata })).body;
    expect((await waitForState(server, `${base()}/${id}`)).state).toBe('Complete');
    const rows = [40, 50, 60].map((resin) => ({
      'resin (g)': resin,
      'temperature (C)': 80,
      'hardener (g)': null,
    }));
    const { body } = await server.send('POST', `/btmodel/models/${id}/predict`, { body: { rows } });
    const means = body.targets[0].predictions.map(({ mean }: { mean: number }) => mean);
    // The table rises with resin: told that it must fall, the model finds nothing in it.
    expect(means[0]).toBeGreaterThanOrEqual(means[1]);
    expect(means[1]).toBeGreaterThanOrEqual(means[2]);
    expect(body.warnings).toEqual([]);
  });

  it('that is queued is left to a client that patches it', async () => {
    const { id } = (await create({ name: 'Taken', datasetId, state: 'Queued', target: [hardnessTarget] }))
      .body;
    const taken = await patch(id, { operation: 'add', attribute: 'startTime', newValue: 'mine' });
    expect(taken.status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const { body } = await server.send('GET', `${base()}/${id}`);
    expect(body).toEqual(taken.body);
  });

  it('that is queued before its dataset has data waits for it', async () => {
    const empty = (await server.send('POST', '/btdataset', { body: { name: 'later' } })).body.albertId;
    const { id, state } = (
      await create({
        datasetId: empty,
        state: 'Queued',
        target: [hardnessTarget],
        Metadata: { algorithm: 'ridge' },
      })
    ).body;
    expect(state).toBe('Queued');
    const { key } = (await server.send('GET', `/btdataset/${datasetId}`)).body;
    await server.send('PATCH', `/btdataset/${empty}`, {
      body: { data: [{ operation: 'add', attribute: 'key', newValue: key }] },
    });
    expect((await waitForState(server, `${base()}/${id}`)).state).toBe('Complete');
  });

  it('that cannot be built is refused at once with the field and what is allowed, and leaves nothing', async () => {
    const before = server.countEverything();
    const queued = { datasetId, state: 'Queued', target: [hardnessTarget] };
    const magic = expectProblem(
      await create({ ...queued, Metadata: { algorithm: 'magic' } }),
      422,
      'OPTION_INVALID',
    );
    expect(magic.location.field).toBe('body/Metadata/algorithm');
    expect(magic.detail).toContain('ridge');
    const column = await create({ ...queued, Metadata: { inputs: ['resin (g)', 'nothing'] } });
    expect(expectProblem(column, 422, 'COLUMN_UNKNOWN').location.field).toBe('body/Metadata/inputs/1');
    expectProblem(await create({ ...queued, Metadata: { algorithm: 5 } }), 400, 'FIELD_INVALID');
    const refusals: [object, string, string, RegExp][] = [
      [{ inputs: [hardnessTarget] }, 'OPTION_INVALID', 'inputs/0', /is a target/],
      [
        { algorithm: 'ridge', hyperparameters: { trees: 3 } },
        'OPTION_INVALID',
        'hyperparameters/trees',
        /penaltyCount/,
      ],
      [
        { algorithm: 'ridge', monotone: { 'resin (g)': 'increasing' } },
        'OPTION_INVALID',
        'monotone',
        /gradientBoosting/,
      ],
      [{ monotone: { colour: 'increasing' } }, 'OPTION_INVALID', 'monotone', /resin \(g\)/],
      [{ monotone: { 'resin (g)': 'up' } }, 'FIELD_INVALID', 'monotone/resin (g)', /increasing/],
      [
        { algorithm: 'gaussianProcess', weights: 'resin (g)' },
        'OPTION_INVALID',
        'weights',
        /histogramBoosting/,
      ],
      [{ weights: 'colour' }, 'OPTION_INVALID', 'weights', /resin \(g\)/],
      [
        { weights: 'resin (g)', hyperparameters: { weightColumn: 'resin (g)' } },
        'OPTION_INVALID',
        'hyperparameters/weightColumn',
        /twice/,
      ],
    ];
    for (const [Metadata, code, field, allowed] of refusals) {
      const problem = expectProblem(
        await create({ ...queued, Metadata }),
        code === 'FIELD_INVALID' ? 400 : 422,
        code,
      );
      expect(problem.location.field).toBe(`body/Metadata/${field}`);
      expect(problem.detail).toMatch(allowed);
    }
    expectProblem(await create({ ...queued, target: ['softness'] }), 422, 'TARGET_UNKNOWN');
    expectProblem(await create({ ...queued, datasetId: 'DST999999' }), 404, 'RECORD_NOT_FOUND');
    expect(server.countEverything()).toEqual(before);
  });

  it('is unset and cleared', async () => {
    const { id } = (await create({ Metadata: { a: 1 }, target: ['x'], totalTime: '1 s' })).body;
    const changed = await patch(
      id,
      { operation: 'delete', attribute: 'Metadata', oldValue: { a: 1 } },
      { operation: 'update', attribute: 'target', oldValue: ['x'], newValue: [] },
      { operation: 'delete', attribute: 'totalTime', oldValue: '1 s' },
    );
    expect(changed.body.target).toEqual([]);
    expect(changed.body).not.toHaveProperty('Metadata');
    expect(changed.body).not.toHaveProperty('totalTime');
    expect(changed.body.flag).toBe(false);
  });

  it('is gone when deleted, also while it is built', async () => {
    const still = (await create()).body.id;
    const building = (await create({ datasetId, state: 'Queued', target: [hardnessTarget] })).body.id;
    for (const id of [still, building]) {
      expect((await server.send('DELETE', `${base()}/${id}`)).status).toBe(204);
      for (const method of ['GET', 'DELETE']) {
        expectProblem(await server.send(method, `${base()}/${id}`), 404, 'RECORD_NOT_FOUND');
      }
    }
  });
});

it('a model is found only where it lives', async () => {
  const inside = (await server.send('POST', `/btmodel/${sessionId}/model`, { body: { name: 'inside' } })).body
    .id;
  const outside = (await server.send('POST', '/btmodel/models/detached', { body: { name: 'outside' } })).body
    .id;
  const other = (await createSession(server, { category: 'userModel' }, datasetId)).body.id;
  for (const path of [
    `/btmodel/models/detached/${inside}`,
    `/btmodel/${sessionId}/model/${outside}`,
    `/btmodel/${other}/model/${inside}`,
    `/btmodel/MDS999999/model/${inside}`,
  ]) {
    expectProblem(await server.send('GET', path), 404, 'RECORD_NOT_FOUND');
    expectProblem(await server.send('DELETE', path), 404, 'RECORD_NOT_FOUND');
  }
});

it('a model that a client takes over while its session is built is left alone, and the others are built', async () => {
  const { id } = (await createSession(server, {}, datasetId)).body;
  const [first] = (await server.send('GET', `/btmodel/${id}/model`)).body.Items;
  const taken = await server.send('PATCH', `/btmodel/${id}/model/${first.id}`, {
    body: { data: [{ operation: 'add', attribute: 'Metadata', newValue: { mine: true } }] },
  });
  const session = await waitForState(server, `/btmodel/${id}`);
  expect(session.state).toBe('Complete');
  const after = (await server.send('GET', `/btmodel/${id}/model`)).body.Items;
  expect(after[0]).toEqual(taken.body);
  expect(after.slice(1).every((model: Json) => model.state === 'Complete')).toBe(true);
});

describe('predictions', () => {
  let built: Json;
  beforeAll(async () => {
    const { id } = (await createSession(server, {}, datasetId)).body;
    built = await waitForState(server, `/btmodel/${id}`);
  });
  const predict = (body: unknown) => server.send('POST', `/btmodel/${built.id}/predict`, { body });

  it('come from the default model, or the one named by id or name', async () => {
    const rows = hardnessRows(10);
    const reply = PredictReply.parse((await predict({ rows })).body);
    expect(reply.model.name).toBe(built.defaultModel);
    expect(reply.targets[0]!.predictions).toHaveLength(10);
    // Rows of the table itself: each is its own nearest experiment.
    expect(reply.targets[0]!.predictions.map(({ applicability }) => applicability.nearest)).toEqual(
      rows.map((_, i) => ({ row: i + 1, distance: 0 })),
    );
    for (const { id, name } of built.albertModelDetails.models) {
      expect((await predict({ rows, model: name })).body.model).toEqual({ id, name });
      expect((await predict({ rows, model: id.toLowerCase() })).body.model).toEqual({ id, name });
    }
    const wide = PredictReply.parse((await predict({ rows, level: 0.99 })).body);
    expect(wide.targets[0]!.predictions[0]!.interval.level).toBe(0.99);
  });

  it('can be made elsewhere: a model comes as an ONNX file, by its session or by its id alone', async () => {
    const [{ id, name }] = built.albertModelDetails.models;
    const bytes = await server.client.downloadOnnx(id);
    expect(Buffer.from(bytes.subarray(0, 11)).toString('latin1')).toBe('\x08\x0a\x12\x07Athanor');
    const inSession = await server.send('GET', `/btmodel/${built.id}/model/${id}/onnx`);
    expect(inSession.status).toBe(200);
    expect(inSession.headers.get('content-type')).toBe('application/octet-stream');
    expect(inSession.headers.get('content-disposition')).toContain(`filename="${name}.onnx"`);
    const other = (await createSession(server, { category: 'userModel' }, datasetId)).body.id;
    expectProblem(await server.send('GET', `/btmodel/${other}/model/${id}/onnx`), 404, 'RECORD_NOT_FOUND');
    const mine = await server.send('POST', '/btmodel/models/detached', {
      body: { name: 'x', state: 'Complete', modelBinaryKey: 'x' },
    });
    expectProblem(
      await server.send('GET', `/btmodel/models/${mine.body.id}/onnx`),
      409,
      'MODEL_NOT_PREDICTABLE',
    );
  });

  it('come from another default when the session is given one, as long as that can answer', async () => {
    const { id } = (await createSession(server, {}, datasetId)).body;
    const { defaultModel, albertModelDetails } = await waitForState(server, `/btmodel/${id}`);
    const other = albertModelDetails.models.find((model: Json) => model.name !== defaultModel).name;
    const choose = (newValue: unknown) =>
      server.send('PATCH', `/btmodel/${id}`, {
        body: { data: [{ operation: 'update', attribute: 'defaultModel', newValue }] },
      });
    expect((await choose(other)).body.defaultModel).toBe(other);
    const reply = await server.send('POST', `/btmodel/${id}/predict`, { body: { rows: hardnessRows(1) } });
    expect(reply.body.model.name).toBe(other);
    expectProblem(await choose('nobody'), 404, 'RECORD_NOT_FOUND');
    expectProblem(await choose(null), 400, 'FIELD_INVALID');
    expect((await server.send('GET', `/btmodel/${id}`)).body.defaultModel).toBe(other);
  });

  it('of rows while they were held out are kept, and agree with the metrics', async () => {
    const metrics = SessionMetrics.parse(built.Registry.Metrics).targets[0]!;
    for (const { id, name } of built.albertModelDetails.models) {
      const answer = await server.send('GET', `/btmodel/models/${id}/outoffold`);
      expect(answer.status, answer.text).toBe(200);
      const [held] = OutOfFoldReply.parse(answer.body).targets;
      expect(held!.rows.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
      const { mae } = metrics.leaderboard.find(({ model }) => model === name)!.metrics;
      const own = held!.rows.reduce(
        (sum, _, i) => sum + Math.abs(held!.measured[i]! - held!.mean[i]!) / 30,
        0,
      );
      // One repeat of several, so near the mean over all of them.
      expect(Math.abs(own - mae)).toBeLessThan(0.5 * mae + 1e-9);
      held!.rows.forEach((_, i) => expect(held!.upper[i]).toBeGreaterThanOrEqual(held!.lower[i]!));
    }
    const detached = await server.send('POST', '/btmodel/models/detached', { body: { name: 'mine' } });
    expectProblem(
      await server.send('GET', `/btmodel/models/${detached.body.id}/outoffold`),
      404,
      'RECORD_NOT_FOUND',
    );
  });

  it('follow the default model when a client renames it', async () => {
    const session = (await createSession(server, {}, datasetId)).body.id;
    const { defaultModel, albertModelDetails } = await waitForState(server, `/btmodel/${session}`);
    const { id } = albertModelDetails.models.find((model: Json) => model.name === defaultModel);
    await server.send('PATCH', `/btmodel/${session}/model/${id}`, {
      body: {
        data: [{ operation: 'update', attribute: 'name', oldValue: defaultModel, newValue: 'The best' }],
      },
    });
    const reply = await server.send('POST', `/btmodel/${session}/predict`, {
      body: { rows: hardnessRows(1) },
    });
    expect(reply.body.model).toEqual({ id, name: 'The best' });
  });

  it('row 83: of no rows are none, and of too many rows are refused with the limit', async () => {
    expect((await predict({ rows: [] })).body.targets[0].predictions).toEqual([]);
    const problem = expectProblem(
      await predict({ rows: Array.from({ length: 100_001 }, () => ({})) }),
      413,
      'TABLE_TOO_LARGE',
    );
    expect(problem.detail).toContain('100000');
  });

  it('row 81: need every column by name, in any order, and no other', async () => {
    const [row] = hardnessRows(1);
    const { 'resin (g)': resin, ...rest } = row!;
    const reordered = { ...rest, 'resin (g)': resin! };
    const [one, two] = [await predict({ rows: [row] }), await predict({ rows: [reordered] })];
    expect(one.text).toBe(two.text);
    expect(expectProblem(await predict({ rows: [rest] }), 422, 'COLUMN_MISSING').detail).toContain(
      'resin (g)',
    );
    const extra = await predict({ rows: [{ ...row, wishes: 1 }] });
    expect(expectProblem(extra, 422, 'COLUMN_UNKNOWN').detail).toContain('wishes');
  });

  it('are refused for wrong values by their place', async () => {
    const problem = expectProblem(await predict({ rows: [{ a: 1 }, { a: [1] }] }), 400, 'FIELD_INVALID');
    expect(problem.location.field).toBe('body/rows/1/a');
    expectProblem(await predict({ rows: [], level: 1.5 }), 400, 'FIELD_INVALID');
    expectProblem(await predict({ rows: [], colour: 1 }), 400, 'FIELD_UNKNOWN');
    expectProblem(await predict('{"rows":[{"a":1e999}]}'), 400, 'FIELD_INVALID');
    expectProblem(await predict('{"rows":['), 400, 'BODY_MALFORMED');
    expectProblem(await predict(''), 400, 'BODY_MALFORMED');
    const named = await predict({ rows: [], model: 'nobody' });
    expect(expectProblem(named, 404, 'RECORD_NOT_FOUND').detail).toContain(built.defaultModel);
    const target = await predict({ rows: hardnessRows(1), targets: ['softness'] });
    expect(target.status).toBeGreaterThanOrEqual(400);
  });

  it('need a model that is ready, and one of ours', async () => {
    const create = async (fields: object) =>
      (await server.send('POST', '/btmodel/models/detached', { body: { name: 'x', ...fields } })).body.id;
    const ask = (id: string) => server.send('POST', `/btmodel/models/${id}/predict`, { body: { rows: [] } });
    expectProblem(await ask(await create({ state: 'Building Models' })), 409, 'MODEL_NOT_READY');
    expectProblem(await ask(await create({ state: 'Error' })), 409, 'MODEL_NOT_READY');
    expectProblem(
      await ask(await create({ state: 'Complete', modelBinaryKey: 'x' })),
      409,
      'MODEL_NOT_PREDICTABLE',
    );
    expectProblem(await ask('MDL999999'), 404, 'RECORD_NOT_FOUND');
    const fresh = (await createSession(server, { category: 'userModel' }, datasetId)).body.id;
    expectProblem(
      await server.send('POST', `/btmodel/${fresh}/predict`, { body: { rows: [] } }),
      409,
      'MODEL_NOT_READY',
    );
  });

  it('do not stop other answers while a large one is made', async () => {
    const rows = Array.from({ length: 50_000 }, () => hardnessRows(1)[0]);
    const large = predict({ rows });
    const done = large.then(() => 'done' as const);
    let slowest = 0;
    const measure = async (): Promise<'measured'> => {
      const begin = performance.now();
      await server.send('GET', '/health');
      slowest = Math.max(slowest, performance.now() - begin);
      return 'measured';
    };
    while ((await Promise.race([done, measure()])) !== 'done');
    expect((await large).status).toBe(200);
    expect(slowest).toBeLessThan(1_000);
  });

  it('are not made for a model whose client names another artifact', async () => {
    const [{ id }] = built.albertModelDetails.models;
    await server.send('PATCH', `/btmodel/${built.id}/model/${id}`, {
      body: { data: [{ operation: 'update', attribute: 'modelBinaryKey', newValue: 'elsewhere' }] },
    });
    expectProblem(
      await server.send('POST', `/btmodel/models/${id}/predict`, { body: { rows: hardnessRows(1) } }),
      409,
      'MODEL_NOT_PREDICTABLE',
    );
  });

  it('row 97: never come from an artifact whose bytes have changed', async () => {
    const { id } = built.albertModelDetails.models[1];
    const query = { name: `models/${id}/model.safetensors`, namespace: 'breakthrough' } as const;
    const { etag } = await server.client.call('getFileInfo', { query });
    const path = join(server.folder, 'blobs', etag.slice(0, 2), etag);
    const bytes = readFileSync(path);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(path, bytes);
    await server.restart();
    const answer = await server.send('POST', `/btmodel/models/${id}/predict`, {
      body: { rows: hardnessRows(1) },
    });
    expectProblem(answer, 500, 'FILE_CORRUPTED');
  });
});
