import { inflateRawSync } from 'node:zlib';
import { defaultReadLimits, readTable } from '@athanor/engine';
import { BacktestPayload, ComparedCandidates, DesignPayload, InsightOutcome, Job } from '@athanor/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataset, createSession, hardnessTarget, waitForState } from './tables.ts';
import { expectProblem, type Json, TestServer } from './testServer.ts';

let server: TestServer;
let dataset: string;
let insight: Json;
let payload: DesignPayload;

const Settings = {
  objectives: [{ target: hardnessTarget, goal: 'maximize', criterion: { operator: 'gte', value: 140 } }],
  numCandidatesGenerated: 200,
  numCandidatesSelected: 4,
};
const post = async (path: string, body: Json, status = 201): Promise<Json> => {
  const answer = await server.send('POST', path, { body });
  expect(answer.status, answer.text).toBe(status);
  return answer.body;
};
const propose = (fields: Json = {}) =>
  post('/btinsight', {
    name: 'next steps',
    category: 'Optimizer',
    state: 'Queued',
    datasetId: dataset,
    Registry: { Settings },
    ...fields,
  });
/** A machine under load takes its time. */
const waitForEnd = (id: string): Promise<Json> =>
  waitForState(server, `/btinsight/${id}`, ['Complete', 'Error'], 150);
const outcomeOf = async (id: string): Promise<InsightOutcome> => {
  const answer = await server.send('GET', `/btinsight/${id}/outcome`);
  expect(answer.status, answer.text).toBe(200);
  return InsightOutcome.parse(answer.body);
};

beforeAll(async () => {
  server = await TestServer.start();
  dataset = (await createDataset(server)).body.albertId;
  const { albertId } = await propose();
  insight = await waitForEnd(albertId);
  expect(insight.state, JSON.stringify(insight.Registry)).toBe('Complete');
  payload = DesignPayload.parse(insight.RawPayload);
}, 300_000);
afterAll(() => server.close());

describe('candidates', () => {
  it.each(['csv', 'xlsx', 'parquet'] as const)('can be had as %s, all or some', async (format) => {
    const path = `${server.url}/api/v3/btinsight/${insight.albertId}/candidates?format=${format}`;
    const download = async (query = '') => {
      const response = await fetch(path + query, {
        headers: { authorization: `Bearer ${server.running.token}` },
      });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-disposition')).toContain(`filename="next steps.${format}"`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      const inflateRaw = (packed: Uint8Array, maxOutputLength: number) =>
        inflateRawSync(packed, { maxOutputLength });
      const table = await readTable(bytes, { fileName: 'c', limits: defaultReadLimits, inflateRaw });
      return { bytes, table };
    };
    const { bytes, table } = await download();
    expect(table.rowCount).toBe(4);
    const resin = table.columns.find(({ header }) => header === 'resin (g)')!;
    expect(resin.cells.map(Number)).toEqual(payload.candidates.map(({ inputs }) => inputs['resin (g)']));
    expect((await download('&ranks=2,4')).table.columns[0]!.cells.map(Number)).toEqual([2, 4]);

    // The same file lies in the file store, beside the one that outputKey names.
    const name = insight.outputKey.replace(/csv$/, format);
    const { body } = await server.send('GET', `/files/sign?name=${name}&namespace=breakthrough`);
    expect(new Uint8Array(await (await fetch(body.URL)).arrayBuffer())).toEqual(bytes);
  });

  it('lie beside a picture of all that were compared', async () => {
    const { file, shown } = payload.compared!;
    const name = insight.outputKey.replace(/[^/]*$/, file);
    const compared = ComparedCandidates.parse(
      JSON.parse(new TextDecoder().decode(await server.client.download(name))),
    );
    expect(compared.count).toBe(payload.generated);
    expect(compared.isOnFront).toHaveLength(shown);
    expect(Object.keys(compared.inputs)).toEqual(payload.space.variables.map(({ key }) => key));
    for (const column of Object.values(compared.inputs)) expect(column).toHaveLength(shown);
  });

  it('that are not there are refused', async () => {
    const get = (query: string, id = insight.albertId) =>
      server.send('GET', `/btinsight/${id}/candidates?${query}`);
    expectProblem(await get('ranks=9'), 400, 'FIELD_INVALID');
    expectProblem(await get('ranks=1;2'), 400, 'FIELD_INVALID');
    expectProblem(await get('format=pdf'), 400, 'FIELD_INVALID');
    const own = await post('/btinsight', {
      name: 'x',
      category: 'Optimizer',
      state: 'Complete',
      RawPayload: { a: 1 },
    });
    expectProblem(await get('', own.albertId), 409, 'INSIGHT_WITHOUT_CANDIDATES');
    expectProblem(await get('', 'INS99999'), 404, 'RECORD_NOT_FOUND');
  });
});

describe('the outcome of proposals', () => {
  it('is told from rows that are said to be candidates and from rows with their inputs', async () => {
    const nothing = await outcomeOf(insight.albertId);
    expect(nothing).toMatchObject({
      datasetId: dataset,
      proposed: 4,
      measured: [],
      targets: [],
      criteria: null,
    });

    const [first, second] = payload.candidates;
    const measuredAt = (candidate: (typeof payload.candidates)[number], error: number): number =>
      candidate.predictions[0]!.prediction.mean + error;
    // The first was weighed a little differently, and is named; the second is found by what it is made of.
    const rows = [
      {
        ...first!.inputs,
        'resin (g)': Number(first!.inputs['resin (g)']) + 3,
        [hardnessTarget]: measuredAt(first!, 1),
      },
      { ...second!.inputs, [hardnessTarget]: measuredAt(second!, -1) },
      { 'resin (g)': 1, 'hardener (g)': 2, 'temperature (C)': 3, [hardnessTarget]: 100 },
    ];
    await post(`/btdataset/${dataset}/rows`, { rows: [rows[0]], insightId: insight.albertId, ranks: [1] });
    await post(`/btdataset/${dataset}/rows`, { rows: rows.slice(1), insightId: insight.albertId });
    const outcome = await outcomeOf(insight.albertId);
    expect(outcome.measured.map(({ rank, row, matchedBy }) => [rank, row, matchedBy])).toEqual([
      [1, 31, 'mark'],
      [2, 32, 'inputs'],
    ]);
    const [one] = outcome.measured[0]!.targets;
    expect(one!.error).toBeCloseTo(1, 9);
    expect(one!.standardizedError).toBeCloseTo(1 / one!.predicted.standardDeviation, 9);
    expect(one!.meetsCriterion).toBe(one!.measured! >= 140);
    const [target] = outcome.targets;
    expect(target).toMatchObject({
      target: hardnessTarget,
      count: 2,
      verdict: 'too_few',
      rankCorrelation: null,
    });
    expect(target!.meanError).toBeCloseTo(0, 9);
    expect(target!.meanAbsoluteError).toBeCloseTo(1, 9);
    expect(target!.coverage.level).toBe(0.9);
    expect(outcome.criteria!.count).toBe(2);
    expect(['go_on', 'stop']).toContain(outcome.stop.verdict);
    expect(outcome.stop.figures['experiments']).toBe(2);
  });

  it('cannot be told of what was never made here', async () => {
    const own = await post('/btinsight', {
      name: 'x',
      category: 'Generate',
      state: 'Complete',
      RawPayload: insight.RawPayload,
    });
    expectProblem(await server.send('GET', `/btinsight/${own.albertId}/outcome`), 409, 'OUTCOME_UNKNOWN');
    // Once rows are added for it, it is known where they are.
    await post(`/btdataset/${dataset}/rows`, {
      rows: [{ ...payload.candidates[2]!.inputs, [hardnessTarget]: 120 }],
      insightId: own.albertId,
      ranks: [3],
    });
    expect((await outcomeOf(own.albertId)).measured.map(({ rank }) => rank)).toContain(3);
  });
});

describe('a computation', () => {
  const slow = { ...Settings, numCandidatesGenerated: 100_000, numCandidatesSelected: 100 };
  const working = (id: string) =>
    waitForState(server, `/btinsight/${id}`, [
      'Building Models',
      'Generating Candidates',
      'Complete',
      'Error',
    ]);

  it('is listed while it runs and after it has ended', async () => {
    const { Items } = (await server.send('GET', '/jobs')).body;
    const [job] = Items.map((item: Json) => Job.parse(item)).filter(
      ({ subject }: Job) => subject.id === insight.albertId,
    );
    expect(job).toMatchObject({
      kind: 'insight',
      state: 'done',
      recordState: 'Complete',
      subject: { kind: 'insight', name: 'next steps' },
      by: 'USR1',
      progress: 1,
      failure: null,
      cancelPath: null,
    });
    expect((await server.send('GET', '/jobs?state=running&state=waiting')).body.Items).toEqual([]);
    expect((await server.send('GET', '/jobs?limit=1')).body.Items).toHaveLength(1);
    expectProblem(await server.send('GET', '/jobs?state=asleep'), 400, 'FIELD_INVALID');
  });

  it('is cancelled by the path that its job names, keeps nothing, and says who did it', async () => {
    const { albertId } = await propose({ Registry: { Settings: slow } });
    await working(albertId);
    const { Items } = (await server.send('GET', '/jobs?state=running')).body;
    expect(Items).toHaveLength(1);
    expect(Items[0].subject.id).toBe(albertId);
    const cancelled = await post(Items[0].cancelPath, undefined, 202);
    expect(cancelled.state).toBe('Error');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { body } = await server.send('GET', `/btinsight/${albertId}`);
    expect(body).toMatchObject({
      state: 'Error',
      endTime: expect.any(String),
      totalTime: expect.any(String),
    });
    expect(body).not.toHaveProperty('RawPayload');
    expect(body.Registry.BuildLogs.lines.at(-1)).toMatchObject({
      code: 'CANCELLED',
      message: 'Cancelled by Administrator',
    });
    expect((await server.send('GET', '/jobs?state=running&state=waiting')).body.Items).toEqual([]);
    expect((await server.send('GET', '/jobs?state=cancelled')).body.Items[0].subject.id).toBe(albertId);
    expectProblem(await server.send('POST', `/btinsight/${albertId}/cancel`), 409, 'BUILD_NOT_RUNNING');
    expectProblem(await server.send('POST', '/btinsight/INS99999/cancel'), 404, 'RECORD_NOT_FOUND');
    const audit = (await server.send('GET', `/audit?record=${albertId}`)).body.Items[0];
    expect(audit.action).toBe('cancel');
  }, 300_000);

  it('goes on after a restart in the middle, and gives what it would have given', async () => {
    const { albertId } = await propose();
    await working(albertId);
    await server.restart();
    const finished = await waitForEnd(albertId);
    expect(finished.state, JSON.stringify(finished.Registry)).toBe('Complete');
    const { albertId: third } = await propose();
    const other = await waitForEnd(third);
    expect(finished.RawPayload.candidates).toEqual(other.RawPayload.candidates);
  }, 300_000);
});

describe('a build', () => {
  it('is listed with its session and can be cancelled from there', async () => {
    const { id } = (await createSession(server, {}, dataset)).body;
    const { Items } = (await server.send('GET', '/jobs?state=running&state=waiting')).body;
    const job = Job.parse(Items.find(({ subject }: Json) => subject.id === id));
    expect(job).toMatchObject({ kind: 'build', subject: { kind: 'modelSession', name: 'a session' } });
    await post(job.cancelPath!, undefined, 202);
    const after = (await server.send('GET', '/jobs?state=cancelled')).body.Items;
    expect(after.map(({ subject }: Json) => subject.id)).toContain(id);
  });
});

describe('candidates as the last step of a build', () => {
  it('of a model are proposed while it is in the state for that, and named in its Metadata', async () => {
    const { id } = (await createSession(server, { category: 'userModel' }, dataset)).body;
    const { id: modelId } = await post(`/btmodel/${id}/model`, {
      name: 'line',
      state: 'Queued',
      target: [hardnessTarget],
      Metadata: { algorithm: 'ridge', candidates: { ...Settings, numCandidatesSelected: 2 } },
    });
    const path = `/btmodel/models/${modelId}`;
    const generating = await waitForState(server, path, ['Generating Candidates', 'Error'], 150);
    expect(generating.state, JSON.stringify(generating.Metadata)).toBe('Generating Candidates');
    // It can predict already.
    const rows = [payload.candidates[0]!.inputs];
    expect((await server.send('POST', `${path}/predict`, { body: { rows } })).status).toBe(200);
    const { Metadata } = await waitForState(server, path, ['Complete', 'Error'], 150);
    const made = (await server.send('GET', `/btinsight/${Metadata.candidatesInsightId}`)).body;
    expect(made).toMatchObject({ state: 'Complete', category: 'Optimizer', modelId, modelSessionId: id });
    expect(DesignPayload.parse(made.RawPayload).candidates).toHaveLength(2);
    expect((await server.send('GET', `/btmodel/${id}`)).body.state).toBe('Complete');
  }, 300_000);

  it('of a session can be cancelled, and the models stay', async () => {
    const candidates = { ...Settings, numCandidatesGenerated: 100_000, numCandidatesSelected: 100 };
    const { id } = (await createSession(server, { buildOptions: { candidates } }, dataset)).body;
    const generating = await waitForState(server, `/btmodel/${id}`, ['Generating Candidates', 'Error'], 150);
    expect(generating.state, JSON.stringify(generating.Registry)).toBe('Generating Candidates');
    const { insightId } = generating.albertModelDetails.candidates;
    const cancelled = await post(`/btmodel/${id}/cancel`, undefined, 202);
    expect(cancelled.state).toBe('Complete');
    expect((await server.send('GET', `/btinsight/${insightId}`)).body.state).toBe('Error');
    expect(cancelled.albertModelDetails.models.map(({ state }: Json) => state)).toContain('Complete');
    expectProblem(await server.send('POST', `/btmodel/${id}/cancel`), 409, 'BUILD_NOT_RUNNING');
  }, 300_000);

  it('are refused when they do not say what is wanted', async () => {
    const answer = await createSession(server, { buildOptions: { candidates: { seed: 1 } } }, dataset);
    const { detail } = expectProblem(answer, 400, 'FIELD_INVALID');
    expect(detail).toContain('objectives');
  });
});

describe('a replay', () => {
  it('tells as an insight how soon each policy would have found the best rows', async () => {
    const backtest = { target: hardnessTarget, policies: ['exploit'], campaigns: 2, budget: 15 };
    const { albertId: datasetId } = (await createDataset(server)).body;
    const { albertId } = await propose({ datasetId, Registry: { Settings: { backtest } } });
    const { state, RawPayload, Registry } = await waitForEnd(albertId);
    expect(state, JSON.stringify(Registry)).toBe('Complete');
    const { policies, bestPolicy, rowCount } = BacktestPayload.parse(RawPayload);
    expect(policies.map(({ policy }) => policy)).toEqual(['exploit', 'random']);
    expect(bestPolicy).toBe('exploit');
    expect(rowCount).toBe(30);
    expect(policies[0]!.best).toHaveLength(15);
    expectProblem(
      await server.send('GET', `/btinsight/${albertId}/candidates`),
      409,
      'INSIGHT_WITHOUT_CANDIDATES',
    );
    const unknown = await propose({ Registry: { Settings: { backtest: { target: 'nickel' } } } });
    expect((await waitForEnd(unknown.albertId)).Registry.BuildLogs.lines.at(-1).code).toBe('COLUMN_UNKNOWN');
  }, 300_000);
});
