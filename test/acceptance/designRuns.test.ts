import { DesignPayload } from '@athanor/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataset } from './tables.ts';
import { type Json, TestServer } from './testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.close());

/** 30 formulations of three ingredients with a best ratio. */
const table = [
  'resin (wt%),wax (wt%),chalk (wt%),temperature (C),strength [DAC1]',
  ...Array.from({ length: 30 }, (_, i) => {
    const resin = 40 + ((i * 17) % 31);
    const wax = (i * 7) % 21;
    const temperature = 60 + 10 * ((i * 13) % 5);
    const strength = 60 - 0.05 * (resin - 58) ** 2 - 0.01 * (temperature - 85) ** 2 + Math.sin(i * 2.3);
    return [resin, wax, 100 - resin - wax, temperature, strength.toFixed(2)].join(',');
  }),
].join('\n');

const post = async (path: string, body: Json): Promise<Json> => {
  const answer = await server.send('POST', path, { body });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
};

async function waitFor(
  path: string,
  isDone: (record: Json) => boolean,
): Promise<{ record: Json; states: string[] }> {
  const end = performance.now() + 60_000;
  const states: string[] = [];
  for (;;) {
    const { body } = await server.send('GET', path);
    if (states.at(-1) !== body.state) states.push(body.state);
    if (isDone(body)) return { record: body, states };
    if (performance.now() > end) throw new Error(`${path} is still ${body.state ?? body.buildState}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const finished = (insight: Json) =>
  waitFor(`/btinsight/${insight.albertId}`, ({ state }) => state === 'Complete' || state === 'Error');

describe('design runs', () => {
  let smartDatasetId: string;
  beforeAll(async () => {
    await createDataset(server, table, { parentId: 'PRO1' });
    const target = await post('/targets', {
      name: 'strength',
      type: 'performance',
      dataTemplateId: 'DAT1',
      dataColumnId: 'DAC1',
      targetValue: { operator: 'gte', value: 55 },
      isRequired: true,
    });
    const created = await post('/smartdatasets', { scope: { projectIds: ['PRO1'], targetIds: [target.id] } });
    smartDatasetId = created.id;
    await waitFor(`/smartdatasets/${smartDatasetId}`, ({ buildState }) => buildState === 'ready');
  });

  it('generate experiments that are likely to meet the targets, through all states, and the same ones again', async () => {
    const settings = { numCandidatesGenerated: 2000, numCandidatesSelected: 5 };
    const insight = await post('/designruns', { method: 'generate', smartDatasetId, settings });
    const { record, states } = await finished(insight);
    expect(record.state, JSON.stringify(record.Registry)).toBe('Complete');
    expect(['Queued', 'Building Models', 'Generating Candidates', 'Complete']).toEqual(
      expect.arrayContaining(states),
    );
    const payload = DesignPayload.parse(record.RawPayload);
    expect(payload.candidates).toHaveLength(5);
    expect(payload.candidates[0]!.probabilityOfAll).toBeGreaterThan(0.6);
    expect(record.Registry.Metrics).toMatchObject({ selected: 5, generated: 2000 });
    const file = await server.send(
      'GET',
      `/files/info?name=${encodeURIComponent(record.outputKey)}&namespace=breakthrough`,
    );
    expect(file.body.contentType).toBe('text/csv');
    const again = await finished(await post('/designruns', { method: 'generate', smartDatasetId, settings }));
    expect(again.record.RawPayload).toEqual(record.RawPayload);
  });

  it('fill the space without models and predictions', async () => {
    const settings = { numCandidatesGenerated: 1000, numCandidatesSelected: 4 };
    const insight = await post('/designruns', { method: 'space_filling', smartDatasetId, settings });
    const { record } = await finished(insight);
    expect(record.state, JSON.stringify(record.Registry)).toBe('Complete');
    const payload = DesignPayload.parse(record.RawPayload);
    expect(payload.candidates).toHaveLength(4);
    for (const { predictions, score } of payload.candidates) expect([predictions, score]).toEqual([[], null]);
  });
});

describe('optimizers', () => {
  let datasetId: string;
  beforeAll(async () => {
    datasetId = (await createDataset(server, table, { parentId: 'PRO2' })).body.albertId;
  });
  const strength = 'strength [DAC1]';
  const insightOf = (category: string, Settings: Json) =>
    post('/btinsight', { name: category, category, state: 'Queued', datasetId, Registry: { Settings } });
  const counts = { numCandidatesGenerated: 1500, numCandidatesSelected: 3 };

  it('look within what the data span, and within a space of the user', async () => {
    const objectives = [{ target: strength, goal: 'maximize' }];
    const { record } = await finished(await insightOf('Optimizer', { objectives, ...counts }));
    expect(record.state, JSON.stringify(record.Registry)).toBe('Complete');
    const { space } = DesignPayload.parse(record.RawPayload);
    const custom = {
      ...space,
      constraints: [...space.constraints, { kind: 'fixed', key: 'wax (wt%)', value: 5 }],
    };
    const own = await finished(await insightOf('Custom Optimizer', { objectives, space: custom, ...counts }));
    expect(own.record.state, JSON.stringify(own.record.Registry)).toBe('Complete');
    for (const { inputs } of DesignPayload.parse(own.record.RawPayload).candidates)
      expect(inputs['wax (wt%)']).toBe(5);
  });

  it('say why nothing can be proposed, and what they need', async () => {
    const space = {
      variables: ['resin (wt%)', 'wax (wt%)', 'chalk (wt%)', 'temperature (C)'].map((key, j) =>
        j < 3
          ? { kind: 'amount', key, lower: 0, upper: 30, step: 1 }
          : { kind: 'parameter', key, lower: 60, upper: 100 },
      ),
      constraints: [{ kind: 'total', value: 100 }],
    };
    const objectives = [{ target: strength, goal: 'maximize' }];
    const { record } = await finished(await insightOf('Custom Optimizer', { objectives, space, ...counts }));
    expect(record.state).toBe('Error');
    const line = record.Registry.BuildLogs.lines.at(-1);
    expect(line.code).toBe('SPACE_INFEASIBLE');
    expect(line.message).toContain('all amounts add up to 100');
    const bare = await finished(await insightOf('Optimizer', {}));
    expect(bare.record.Registry.BuildLogs.lines.at(-1).message).toContain('objectives');
  });

  it('plan a Smart DOE on a dataset by any method', async () => {
    const settings = { method: 'd_optimal', terms: 'linear', numCandidatesSelected: 6 };
    const { record } = await finished(await insightOf('Smart DOE', settings));
    expect(record.state, JSON.stringify(record.Registry)).toBe('Complete');
    expect(DesignPayload.parse(record.RawPayload).figures.dGain).toBeGreaterThan(1);
  });
});
