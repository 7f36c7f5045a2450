import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { DesignPayload, PredictReply } from '@athanor/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataset, createSession, hardnessTarget, waitForState } from './tables.ts';
import { type Json, TestServer } from './testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.close());

const counts = { numCandidatesGenerated: 300, numCandidatesSelected: 4 };
const post = async (path: string, body: Json, status = 201): Promise<Json> => {
  const answer = await server.send('POST', path, { body });
  expect(answer.status, answer.text).toBe(status);
  return answer.body;
};
const propose = async (fields: Json, objectives: Json = [{ target: hardnessTarget, goal: 'maximize' }]) => {
  const Settings = { objectives, ...counts, ...fields.settings };
  const { settings: _, ...rest } = fields;
  const body = { name: 'x', category: 'Optimizer', state: 'Queued', Registry: { Settings }, ...rest };
  return (await post('/btinsight', body)).albertId as string;
};
const waitForEnd = (id: string): Promise<Json> =>
  waitForState(server, `/btinsight/${id}`, ['Complete', 'Error'], 200);
const complete = async (id: string): Promise<{ insight: Json; payload: DesignPayload }> => {
  const insight = await waitForEnd(id);
  expect(insight.state, JSON.stringify(insight.Registry)).toBe('Complete');
  return { insight, payload: DesignPayload.parse(insight.RawPayload) };
};
const refused = async (id: string): Promise<Json> => {
  const insight = await waitForEnd(id);
  expect(insight.state).toBe('Error');
  return insight.Registry.BuildLogs.lines.at(-1);
};
const messagesOf = (insight: Json): string[] =>
  insight.Registry.BuildLogs.lines.map(({ message }: Json) => message);

/** Asks for each candidate alone, as somebody does who copies it from the page. */
async function expectPredicted(path: string, { candidates }: DesignPayload): Promise<void> {
  expect(candidates.length).toBeGreaterThan(0);
  for (const { inputs, predictions } of candidates) {
    const { targets } = PredictReply.parse(await post(path, { rows: [inputs] }, 200));
    for (const { target, prediction } of predictions) {
      const { applicability: _, ...told } = targets.find((one) => one.target === target)!.predictions[0]!;
      expect(prediction).toEqual(told);
    }
  }
}

describe('an optimizer on a session', () => {
  let session: Json;
  let dataset: string;
  beforeAll(async () => {
    dataset = (await createDataset(server)).body.albertId;
    session = (await createSession(server, {}, dataset)).body;
  });

  it('waits for the models while they are built, and promises what they predict', async () => {
    const id = await propose({ modelSessionId: session.id });
    const waiting = await waitForState(server, `/btinsight/${id}`, ['Building Models', 'Error']);
    expect(messagesOf(waiting)).toEqual([`Waiting for the models of ${session.id}`]);
    // It takes no process away from the build: there is nothing of it among the jobs.
    const { Items } = (await server.send('GET', '/jobs?state=running&state=waiting')).body;
    expect(Items.filter(({ subject }: Json) => subject.id === id)).toEqual([]);

    const built = await waitForState(server, `/btmodel/${session.id}`, ['Complete', 'Error'], 200);
    const { insight, payload } = await complete(id);
    await expectPredicted(`/btmodel/${session.id}/predict`, payload);
    expect(insight.Registry.Metrics.models).toMatchObject([
      { target: hardnessTarget, model: built.defaultModel },
    ]);
    expect(messagesOf(insight).some((line) => line.includes(built.defaultModel))).toBe(true);
    expect(payload.warnings).toEqual([]);
  }, 400_000);

  it('or on any of its models promises what that one predicts', async () => {
    const { models } = (await server.send('GET', `/btmodel/${session.id}`)).body.albertModelDetails;
    expect(models.map(({ name }: Json) => name)).toContain('Ensemble');
    const ids = [];
    for (const { id } of models) ids.push(await propose({ modelId: id }));
    for (const [i, { id, name }] of models.entries()) {
      const { insight, payload } = await complete(ids[i]!);
      expect(insight.Registry.Metrics.models).toEqual([{ target: hardnessTarget, model: name, modelId: id }]);
      await expectPredicted(`/btmodel/models/${id}/predict`, payload);
    }
  }, 400_000);

  it('says what to do about a target without a model, another dataset, and settings without effect', async () => {
    const modelSessionId = session.id;
    const unknown = await refused(
      await propose({ modelSessionId }, [{ target: 'temperature (C)', goal: 'minimize' }]),
    );
    expect(unknown.code).toBe('TARGET_UNKNOWN');
    expect(unknown.message).toContain(`no model of temperature (C); its models predict ${hardnessTarget}`);
    expect(unknown.message).toContain('give datasetId alone');

    const { albertId: datasetId } = (await createDataset(server)).body;
    const mixed = await refused(await propose({ modelSessionId, datasetId }));
    expect(mixed.message).toContain(`are of ${dataset}`);

    const { payload } = await complete(
      await propose({ modelSessionId, settings: { ignore: ['hardener (g)'] } }),
    );
    expect(payload.warnings).toMatchObject([{ code: 'ignore_unused' }]);
  }, 200_000);

  it('knows the rows added since, and says that its models do not', async () => {
    const first = (await complete(await propose({ modelSessionId: session.id }))).payload;
    const row = { ...first.candidates[0]!.inputs, [hardnessTarget]: 150 };
    await post(`/btdataset/${dataset}/rows`, { rows: [row] });
    const { payload } = await complete(await propose({ modelSessionId: session.id }));
    expect(payload.warnings).toMatchObject([{ code: 'model_outdated', count: 1 }]);
    expect(payload.warnings[0]!.message).toContain('knows 30 of the 31 rows');
    expect(payload.candidates.map(({ inputs }) => inputs)).not.toContainEqual(first.candidates[0]!.inputs);
    await expectPredicted(`/btmodel/${session.id}/predict`, payload);
  }, 200_000);

  it('refuses bytes that have changed on the disk, and names the remedy', async () => {
    const { models } = (await server.send('GET', `/btmodel/${session.id}`)).body.albertModelDetails;
    const { modelBinaryKey } = (await server.send('GET', `/btmodel/models/${models[0].id}`)).body;
    const { etag } = (await server.send('GET', `/files/info?name=${modelBinaryKey}&namespace=breakthrough`))
      .body;
    const folder = join(server.folder, 'blobs', etag.slice(0, 2));
    expect(readdirSync(folder)).toContain(etag);
    truncateSync(join(folder, etag), 100);
    // Another process reads it anew.
    await server.restart();
    const line = await refused(await propose({ modelId: models[0].id }));
    expect(line.code).toBe('FILE_CORRUPTED');
    expect(line.message).toContain('Build its session anew');
  }, 200_000);
});

describe('an optimizer on models of a user', () => {
  const table = [
    'solvent SMILES,resin (g),strength (MPa),gloss (property)',
    ...Array.from({ length: 32 }, (_, i) => {
      // The last ways to write ethanol and butanol are not canonical.
      const solvent = ['C', 'CC', 'CCC', 'CCO', 'OCC', 'CCCCO', 'OCCCC', 'CCN'][i % 8]!;
      const resin = 10 + ((i * 7) % 23);
      return [solvent, resin, (resin - solvent.length + 0.3 * Math.sin(i)).toFixed(2), 90 - resin].join(',');
    }),
  ].join('\n');
  const strength = 'strength (MPa)';
  const gloss = 'gloss (property)';
  const objectives = [
    { target: strength, goal: 'maximize' },
    { target: gloss, goal: 'meet', criterion: { operator: 'gte', value: 60 } },
  ];
  let session: string;
  beforeAll(async () => {
    const datasetId = (await createDataset(server, table)).body.albertId;
    session = (await createSession(server, { category: 'userModel', target: [strength, gloss] }, datasetId))
      .body.id;
  });
  const postModel = (name: string, target: string, algorithm: string): Promise<Json> =>
    post(`/btmodel/${session}/model`, {
      name,
      state: 'Queued',
      target: [target],
      Metadata: { algorithm },
    });

  it('takes each target from the model that has it, molecules included', async () => {
    const strong = await postModel('strong', strength, 'gaussianProcess');
    const glossy = await postModel('glossy', gloss, 'ridge');
    const { insight, payload } = await complete(await propose({ modelSessionId: session }, objectives));
    expect(insight.Registry.Metrics.models).toEqual([
      { target: strength, model: 'strong', modelId: strong.id },
      { target: gloss, model: 'glossy', modelId: glossy.id },
    ]);
    const only = (target: string): DesignPayload => ({
      ...payload,
      candidates: payload.candidates.map((one) => ({
        ...one,
        predictions: one.predictions.filter((each) => each.target === target),
      })),
    });
    await expectPredicted(`/btmodel/models/${strong.id}/predict`, only(strength));
    await expectPredicted(`/btmodel/models/${glossy.id}/predict`, only(gloss));

    // A molecule is one thing however it is written, here and in the space that the page starts from.
    const { space } = (await server.send('GET', `/btmodel/${session}/space`)).body;
    const solvents = space.variables.find(({ key }: Json) => key === 'solvent SMILES');
    expect([...solvents.levels].sort()).toEqual(['C', 'CC', 'CCC', 'CCCCO', 'CCN', 'CCO']);
    const own = {
      ...space,
      variables: space.variables.map((one: Json) =>
        one.key === 'solvent SMILES' ? { ...one, levels: ['OCC', 'OCCCC'] } : one,
      ),
    };
    const pending = [{ 'solvent SMILES': 'C(O)C', 'resin (g)': 30 }];
    const custom = await complete(
      await propose(
        { category: 'Custom Optimizer', modelSessionId: session, settings: { space: own, pending } },
        objectives,
      ),
    );
    for (const { inputs } of custom.payload.candidates)
      expect(['CCO', 'CCCCO']).toContain(inputs['solvent SMILES']);

    // Molecules that no row has can be proposed, and are predicted as anywhere else.
    const fresh = {
      ...space,
      variables: space.variables.map((one: Json) =>
        one.key === 'solvent SMILES' ? { ...one, levels: ['OCCCCC', 'C(C)(C)O'] } : one,
      ),
    };
    const found = await complete(
      await propose(
        { category: 'Custom Optimizer', modelSessionId: session, settings: { space: fresh } },
        objectives,
      ),
    );
    for (const { inputs } of found.payload.candidates)
      expect(['CCCCCO', 'CC(C)O']).toContain(inputs['solvent SMILES']);
    // To rounding: sums over new molecules depend on which others are asked about at once.
    for (const { inputs, predictions } of found.payload.candidates) {
      const reply = await post(`/btmodel/models/${strong.id}/predict`, { rows: [inputs] }, 200);
      const told = PredictReply.parse(reply).targets[0]!.predictions[0]!;
      const own = predictions.find(({ target }) => target === strength)!.prediction;
      expect(own.mean).toBeCloseTo(told.mean, 9);
      expect(own.standardDeviation).toBeCloseTo(told.standardDeviation, 9);
    }
  }, 300_000);

  it('says when a session has nothing to predict with', async () => {
    const datasetId = (await createDataset(server, table)).body.albertId;
    const empty = (await createSession(server, { category: 'userModel', target: [strength] }, datasetId)).body
      .id;
    // Its models are somebody else's: candidates rest on models fitted for them, and say so.
    await post(`/btmodel/${empty}/model`, { name: 'foreign', state: 'Complete', target: [strength] });
    const { payload } = await complete(await propose({ modelSessionId: empty }, objectives.slice(0, 1)));
    expect(payload.warnings).toMatchObject([{ code: 'models_fitted' }]);
    const failed = await post(`/btmodel/${empty}/model`, { name: 'bad', state: 'Error', target: [strength] });
    const line = await refused(await propose({ modelSessionId: empty }, objectives.slice(0, 1)));
    expect(line.code).toBe('MODEL_NOT_READY');
    const own = await refused(await propose({ modelId: failed.id }, objectives.slice(0, 1)));
    expect(own.code).toBe('MODEL_NOT_READY');
  }, 200_000);
});
