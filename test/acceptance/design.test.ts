import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DesignPayload, SearchSpace } from '@athanor/schema';
import { afterAll, expect, test } from 'vitest';

const program = join(import.meta.dirname, '../../packages/cli/bin/athanor.js');
const folder = mkdtempSync(join(tmpdir(), 'athanor-design-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function athanor(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd: folder }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err }),
    );
  });
}

/** 30 formulations of three ingredients with a best ratio. */
function writeTable(): void {
  const lines = ['resin (wt%),wax (wt%),chalk (wt%),temperature (°C),strength (MPa)'];
  for (let i = 0; i < 30; i++) {
    const resin = 40 + ((i * 17) % 31);
    const wax = (i * 7) % 21;
    const temperature = 60 + 10 * ((i * 13) % 5);
    const strength = 60 - 0.05 * (resin - 58) ** 2 - 0.01 * (temperature - 85) ** 2 + Math.sin(i * 2.3);
    lines.push([resin, wax, 100 - resin - wax, temperature, strength.toFixed(2)].join(','));
  }
  writeFileSync(join(folder, 'table.csv'), `${lines.join('\n')}\n`);
}
writeTable();

test('a search space is printed, edited and used for experiments that are written to a file', async () => {
  const printed = await athanor('space', 'table.csv', '--target', 'strength', '--output', 'space.json');
  expect(printed.code, printed.err).toBe(0);
  const space = SearchSpace.parse(JSON.parse(readFileSync(join(folder, 'space.json'), 'utf8')));
  expect(space.constraints).toContainEqual({ kind: 'total', value: 100 });
  const fixed = {
    ...space,
    constraints: [...space.constraints, { kind: 'fixed', key: 'temperature (°C)', value: 80 }],
  };
  writeFileSync(join(folder, 'space.json'), JSON.stringify(fixed));

  const ask = [
    'suggest',
    'table.csv',
    '--maximize',
    'strength',
    '--space',
    'space.json',
    '--generated',
    '2000',
  ];
  const suggested = await athanor(...ask, '--count', '3', '--json');
  expect(suggested.code, suggested.err).toBe(0);
  const payload = DesignPayload.parse(JSON.parse(suggested.out));
  expect(payload.candidates).toHaveLength(3);
  for (const { inputs } of payload.candidates) expect(inputs['temperature (°C)']).toBe(80);

  writeFileSync(
    join(folder, 'pending.csv'),
    `${Object.keys(payload.candidates[0]!.inputs).join(',')}\n${Object.values(payload.candidates[0]!.inputs).join(',')}\n`,
  );
  const next = await athanor(...ask, '--count', '2', '--pending', 'pending.csv', '--output', 'next.csv');
  expect(next.code, next.err).toBe(0);
  const lines = readFileSync(join(folder, 'next.csv'), 'utf8').trim().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toContain('strength (MPa) mean');
  const first = Object.values(payload.candidates[0]!.inputs).join(',');
  expect(lines.some((line) => line.includes(`,${first},`))).toBe(false);
}, 120_000);

test('experiments are planned from a table and from a space alone', async () => {
  const filled = await athanor('doe', 'table.csv', '--target', 'strength', '--count', '4', '--json');
  expect(filled.code, filled.err).toBe(0);
  const payload = DesignPayload.parse(JSON.parse(filled.out));
  expect(payload.candidates).toHaveLength(4);
  writeFileSync(join(folder, 'alone.json'), JSON.stringify(payload.space));
  const first = await athanor('doe', '--space', 'alone.json', '--count', '6');
  expect(first.code, first.err).toBe(0);
  expect(first.out).toContain('Least distance between two of them');
}, 120_000);

/** 24 experiments: of the levels of a column four were tried, six times each, and the third of them is best. */
function writeLevels(file: string, key: string, levels: readonly string[]): void {
  const lines = levels.flatMap((level, l) =>
    [0, 1, 2, 3, 4, 5].map((i) => {
      const temperature = 60 + 10 * ((i * 5 + l) % 7);
      const strength = [20, 35, 50, 28][l]! - 0.004 * (temperature - 95) ** 2 + Math.sin(i * 2.3 + l);
      return [level, temperature, strength.toFixed(2)].join(',');
    }),
  );
  writeFileSync(join(folder, file), `${[`${key},temperature (°C),strength (MPa)`, ...lines].join('\n')}\n`);
}

function writeSpace(file: string, key: string, levels: readonly string[]): void {
  const variables = [
    { kind: 'category', key, levels },
    { kind: 'parameter', key: 'temperature (°C)', lower: 60, upper: 120 },
  ];
  writeFileSync(join(folder, file), JSON.stringify({ variables, constraints: [] }));
}

/** What is proposed for a column by one batch. */
async function suggestLevels(key: string, ...ask: string[]): Promise<string[]> {
  const wanted = ['--maximize', 'strength', '--generated', '2000', '--json'];
  const { code, out, err } = await athanor('suggest', ...ask, ...wanted);
  expect(code, err).toBe(0);
  const { candidates } = DesignPayload.parse(JSON.parse(out));
  for (const { inputs, applicability } of candidates)
    if (applicability?.class === 'outside')
      expect(applicability.reasons).toContain(`${key} was never ${inputs[key] as string}`);
  return candidates.map(({ inputs }) => inputs[key] as string);
}

test('levels of a space that no experiment has are different ones, within a batch and beside what is under way', async () => {
  const tried = ['A', 'B', 'C', 'D'];
  writeLevels('ligands.csv', 'ligand', tried);
  writeSpace('ligands.json', 'ligand', [...tried, ...'EFGHIJKL']);
  const ask = ['ligands.csv', '--space', 'ligands.json', '--count', '6'];
  const balanced = await suggestLevels('ligand', ...ask);
  // Half of it rests on the best that is known, half looks elsewhere.
  expect(balanced.filter((ligand) => ligand === 'C').length).toBeGreaterThan(1);
  const untried = balanced.filter((ligand) => !tried.includes(ligand));
  expect(untried.length).toBeGreaterThan(1);
  expect(new Set(untried).size).toBe(untried.length);
  const daring = (await suggestLevels('ligand', ...ask, '--mode', 'explore')).filter(
    (ligand) => !tried.includes(ligand),
  );
  expect(new Set(daring).size).toBeGreaterThan(4);

  const pending = daring.slice(0, 5).map((ligand) => `${ligand},95`);
  writeFileSync(join(folder, 'under way.csv'), ['ligand,temperature (°C)', ...pending].join('\n'));
  const next = await suggestLevels('ligand', ...ask, '--pending', 'under way.csv');
  const others = next.filter((ligand) => !tried.includes(ligand));
  expect(others.length).toBeGreaterThan(0);
  for (const ligand of others) expect(daring.slice(0, 5)).not.toContain(ligand);
}, 120_000);

test('molecules of a space that no experiment has are compared by what they are made of, however they are written', async () => {
  const key = 'solvent SMILES';
  writeLevels('solvents.csv', key, ['CO', 'CCO', 'CCCO', 'CCN']);
  writeSpace('solvents.json', key, ['OC', 'OCC', 'OCCC', 'NCC', 'OCCCC', 'OCCCCC', 'C1CCCCC1']);
  const found = await suggestLevels(key, 'solvents.csv', '--space', 'solvents.json', '--count', '6');
  expect(found).toContain('CCCO');
  // What is like those that grew better with their length.
  expect(found.some((smiles) => smiles === 'CCCCO' || smiles === 'CCCCCO')).toBe(true);
  const planned = await athanor('doe', 'solvents.csv', '--space', 'solvents.json', '--count', '3');
  expect(planned.code, planned.err).toBe(0);
}, 120_000);

test('a table is replayed as campaigns', async () => {
  const ask = [
    '--target',
    'strength',
    '--campaigns',
    '1',
    '--budget',
    '20',
    '--policy',
    'balanced',
    'exploit',
  ];
  const replayed = await athanor('backtest', 'table.csv', ...ask);
  expect(replayed.code, replayed.err).toBe(0);
  expect(replayed.out).toMatch(/Balanced  .*\nSurely good \(exploit\) .*\nAt random /);
}, 120_000);

test('what cannot be is explained with the least change that helps', async () => {
  const space = {
    variables: [
      { kind: 'amount', key: 'resin (wt%)', lower: 0, upper: 30, step: 1 },
      { kind: 'amount', key: 'wax (wt%)', lower: 0, upper: 30, step: 1 },
      { kind: 'amount', key: 'chalk (wt%)', lower: 0, upper: 30, step: 1 },
      { kind: 'parameter', key: 'temperature (°C)', lower: 60, upper: 100, step: 5 },
    ],
    constraints: [{ kind: 'total', value: 100 }],
  };
  writeFileSync(join(folder, 'tight.json'), JSON.stringify(space));
  const refused = await athanor('suggest', 'table.csv', '--maximize', 'strength', '--space', 'tight.json');
  expect(refused.code).toBe(1);
  expect(refused.err).toContain('These cannot hold together: all amounts add up to 100');
  expect(refused.err).toMatch(/The least change that helps: .*30 to 40/);
  const silent = await athanor('suggest', 'table.csv');
  expect(silent.code).toBe(1);
  expect(silent.err).toContain('nothing is wanted');
}, 120_000);
