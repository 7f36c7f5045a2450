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
let sessionId: string;
beforeAll(async () => {
  server = await TestServer.start();
  const lines = chains.map(({ smiles, value }, i) => `${smiles},${25 + (i % 3) * 5},${value.toFixed(2)}`);
  // The fifth row: a carbon with five neighbours.
  lines.splice(4, 0, 'CC(C)(C)(C)C,25,2.1');
  const content = [`solvent SMILES,temperature (C),${target}`, ...lines].join('\n');
  const datasetId = (await createDataset(server, content)).body.albertId as string;
  const created = await server.send('POST', '/btmodel', {
    body: { name: 'molecules', category: 'albertModel', datasetId, target: [target] },
  });
  expect(created.status, created.text).toBe(201);
  sessionId = created.body.id as string;
});
afterAll(() => server.close());

const predict = (rows: readonly Json[]) =>
  server.send('POST', `/btmodel/${sessionId}/predict`, { body: { rows } });

describe('a table with molecules', () => {
  it('is built from what the molecules are made of, without the row whose SMILES is wrong', async () => {
    const session = await waitForState(server, `/btmodel/${sessionId}`);
    expect(session.state, JSON.stringify(session.Registry)).toBe('Complete');
    const log = BuildLog.parse(session.Registry.BuildLogs);
    expect(log.inputs).toContain('solvent SMILES');
    expect(['relaxed-simd', 'simd']).toContain(log.arithmetic);
    const warning = log.warnings.find(({ code }) => code === 'molecule_unreadable');
    expect(warning).toMatchObject({ column: 'solvent SMILES', rows: [5], count: 1 });
    expect(warning!.message).toContain('valence');
    const [metrics] = session.Registry.Metrics.targets as { rows: number; leaderboard: Json[] }[];
    expect(metrics!.rows).toBe(chains.length);
    expect(metrics!.leaderboard.map(({ kind }) => kind)).toContain('gaussianProcess');
  });

  it('predicts molecules it has not seen, and the same for each way to write one', async () => {
    await waitForState(server, `/btmodel/${sessionId}`);
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
