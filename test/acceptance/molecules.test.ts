import { BuildLog, PredictReply } from '@athanor/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataset, waitForState } from './tables.ts';
import { expectProblem, type Json, TestServer } from './testServer.ts';

const target = 'log P (property)';

/** Chains with end groups: what each end adds, and what each carbon adds. */
const ends = { C: 0.5, O: -1.1, N: -1, 'C(=O)O': -1.3, Cl: 0.6, c1ccccc1: 1.9 };
const chains = Object.entries(ends).flatMap(([end, effect]) =>
  [1, 2, 3, 4, 5, 6].map((length) => ({
    smiles: `${'C'.repeat(length)}${end}`,
    value: 0.5 * length + effect,
  })),
);

let server: TestServer;
let model: Json;
beforeAll(async () => {
  server = await TestServer.start();
  const lines = chains.map(({ smiles, value }, i) => `${smiles},${25 + (i % 3) * 5},${value.toFixed(2)}`);
  // The fifth row: a carbon with five neighbours.
  lines.splice(4, 0, 'CC(C)(C)(C)C,25,2.1');
  const content = [`solvent SMILES,temperature (C),${target}`, ...lines].join('\n');
  const datasetId = (await createDataset(server, content)).body.albertId as string;
  // One model, because the whole portfolio is a matter of other tests.
  const created = await server.send('POST', '/btmodel/models/detached', {
    body: {
      name: 'molecules',
      datasetId,
      state: 'Queued',
      target: [target],
      Metadata: { algorithm: 'gaussianProcess' },
    },
  });
  expect(created.status, created.text).toBe(201);
  model = await waitForState(server, `/btmodel/models/detached/${created.body.id}`);
});
afterAll(() => server.close());

const predict = (rows: readonly Json[]) =>
  server.send('POST', `/btmodel/models/${model.id}/predict`, { body: { rows } });

describe('a table with molecules', () => {
  it('is built from what the molecules are made of, without the row whose SMILES is wrong', () => {
    expect(model.state, JSON.stringify(model.Metadata)).toBe('Complete');
    const log = BuildLog.parse(model.Metadata.BuildLogs);
    expect(log.inputs).toContain('solvent SMILES');
    expect(['relaxed-simd', 'simd']).toContain(log.arithmetic);
    const warning = log.warnings.find(({ code }) => code === 'molecule_unreadable');
    expect(warning).toMatchObject({ column: 'solvent SMILES', rows: [5], count: 1 });
    expect(warning!.message).toContain('valence');
    const [metrics] = model.Metadata.Metrics.targets as { rows: number; leaderboard: Json[] }[];
    expect(metrics!.rows).toBe(chains.length);
    expect(metrics!.leaderboard.map(({ kind }) => kind)).toContain('gaussianProcess');
  });

  it('predicts molecules it has not seen, and the same for each way to write one', async () => {
    const row = (smiles: string) => ({ 'solvent SMILES': smiles, 'temperature (C)': 25 });
    const answer = await predict(['CCCCCCCO', 'OCCCCCCC', 'CO'].map(row));
    expect(answer.status, answer.text).toBe(200);
    const { targets, warnings } = PredictReply.parse(answer.body);
    const [heptanol, again, methanol] = targets[0]!.predictions;
    expect(again).toEqual(heptanol);
    expect(heptanol!.mean).toBeGreaterThan(methanol!.mean + 1);
    expect(warnings).toEqual([]);
  });

  it('flags a molecule unlike all it was built from', async () => {
    const rows = [{ 'solvent SMILES': 'F[Si](F)(F)OP(=S)=S', 'temperature (C)': 25 }];
    const { warnings } = PredictReply.parse((await predict(rows)).body);
    expect(warnings).toMatchObject([{ code: 'unfamiliar_molecule', column: 'solvent SMILES', rows: [1] }]);
  });

  it('refuses a wrong SMILES with its row, column and reason', async () => {
    const rows = ['CCO', 'c1cccc1'].map((smiles) => ({ 'solvent SMILES': smiles, 'temperature (C)': 25 }));
    const problem = expectProblem(await predict(rows), 422, 'CELL_INVALID');
    expect(problem.detail).toContain('solvent SMILES in row 2');
    expect(problem.detail).toContain('kekulize');
    expect(problem.location).toMatchObject({ field: 'body/rows/1/solvent SMILES' });
  });

  it('takes a missing molecule for an average one, with a warning', async () => {
    const answer = await predict([{ 'solvent SMILES': null, 'temperature (C)': 25 }]);
    const { warnings } = PredictReply.parse(answer.body);
    expect(warnings).toMatchObject([{ code: 'missing_cell', column: 'solvent SMILES' }]);
  });
});

describe('a drawing', () => {
  const draw = (query: Record<string, string>, headers: Record<string, string> = {}) =>
    server.send('GET', `/molecules/drawing?${new URLSearchParams(query)}`, { headers });

  it('is an SVG of paths alone, in the colour of the text around, and the browser may keep it', async () => {
    const { status, text, headers } = await draw({
      smiles: 'CC(=O)Oc1ccccc1C(=O)O',
      width: '200',
      height: '150',
    });
    expect(status, text).toBe(200);
    expect(headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
    expect(headers.get('cache-control')).toBe('private, max-age=86400');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(text).toContain('width="200" height="150"');
    expect(text).toContain('<title>CC(=O)Oc1ccccc1C(=O)O</title>');
    expect(text).toContain('currentColor');
    const elements = [...text.matchAll(/<\/?([a-z]+)/g)].map(([, name]) => name);
    expect([...new Set(elements)].sort()).toEqual(['g', 'path', 'svg', 'title']);
    expect(text).not.toMatch(/style|script|href|on[a-z]+=|#(?:000000|FFFFFF)/i);
    const again = await draw(
      { smiles: 'CC(=O)Oc1ccccc1C(=O)O', width: '200', height: '150' },
      { 'if-none-match': headers.get('etag')! },
    );
    expect(again.status).toBe(304);
    expect(again.text).toBe('');
  });

  it.each([
    [{ smiles: 'c1cccc1' }, 422, 'MOLECULE_UNREADABLE', /kekulize/i],
    [{ smiles: '<script>' }, 422, 'MOLECULE_UNREADABLE', /cannot be drawn/],
    [{ smiles: 'C'.repeat(401) }, 422, 'MOLECULE_UNREADABLE', /more than 400/],
    [{ smiles: '' }, 400, 'FIELD_INVALID', /./],
    [{ smiles: 'C', width: '5' }, 400, 'FIELD_INVALID', /width/],
    [{ smiles: 'C', colour: 'red' }, 400, 'FIELD_UNKNOWN', /./],
  ])('of %j is refused', async (query, status, code, reason) => {
    const { detail } = expectProblem(await draw(query as Record<string, string>), status, code);
    expect(detail).toMatch(reason);
  });
});
