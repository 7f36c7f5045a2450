import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const program = join(import.meta.dirname, '../../packages/cli/bin/athanor.js');
const folder = mkdtempSync(join(tmpdir(), 'athanor-cli-'));
const data = join(folder, 'data');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function athanor(...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [program, ...args],
      { env: { ...process.env, ATHANOR_DATA: data } },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err }),
    );
  });
}

/** 40 experiments with a clear trend and a supplier that matters. */
function writeExperiments(): string {
  const lines = ['batch,resin (g),supplier,temperature (°C),hardness (HV)'];
  for (let i = 0; i < 40; i++) {
    const [resin, temperature] = [40 + ((i * 17) % 31), 60 + ((i * 13) % 50)];
    const supplier = ['Alpha', 'Beta'][i % 2]!;
    const hardness = 3 * resin + 0.4 * temperature + (supplier === 'Beta' ? 12 : 0) + Math.sin(i * 2.3);
    lines.push([`B${Math.floor(i / 4)}`, resin, supplier, temperature, hardness.toFixed(2)].join(','));
  }
  const path = join(folder, 'experiments.csv');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

describe('the command line, each call with a server of its own', () => {
  const table = writeExperiments();
  const rows = join(folder, 'rows.csv');
  writeFileSync(rows, 'temperature (°C),supplier,resin (g)\n80,Alpha,50\n80,Beta,50\n');

  test('build reads a table, shows progress as readable lines and prints the leaderboard', async () => {
    const { code, out, err } = await athanor('build', table, '--target', 'hardness', '--group', 'batch');
    expect(err).toContain('models');
    expect(code).toBe(0);
    expect(out).toContain('experiments.csv: 40 rows, 5 columns');
    expect(out).toMatch(/hardness \(HV\) {3}40 rows in 10 groups/);
    expect(out).toMatch(/▸ .*[\d.]+ %/);
    expect(out).toContain('Default model: ');
    // A log must not hold what redraws a terminal line.
    expect(out + err).not.toContain('\u001b');
  });

  test('sessions lists what was built, and show tells it with its models and log', async () => {
    const list = await athanor('sessions');
    expect(list.out).toMatch(/^MDS1 +Complete/m);
    const shown = await athanor('show', 'mds1', '--log');
    expect(shown.out).toContain('Complete');
    expect(shown.out).toMatch(/MDL\d+ +Ridge regression +Complete/);
    expect(shown.out).toMatch(/Z {2}fit {2}/);
    const json = JSON.parse((await athanor('show', 'MDS1', '--json')).out) as { models: unknown[] };
    expect(json.models.length).toBeGreaterThanOrEqual(4);
  });

  test('build --dry-run says what would be done and spent, and leaves nothing', async () => {
    const before = (await athanor('sessions')).out;
    const dry = await athanor('build', table, '--target', 'hardness', '--group', 'batch', '--dry-run');
    expect(dry.code, dry.err).toBe(0);
    expect(dry.out).toMatch(
      /\d+ models, \d+ fits: about [\d.]+ s and 0\.\d GB of memory if nothing else runs on this machine/,
    );
    expect(dry.out).toMatch(/hardness \(HV\) +40 +10/);
    expect(dry.out).toContain('batch: it says which rows belong together');
    expect((await athanor('sessions')).out).toBe(before);
    const wrong = await athanor('build', table, '--target', 'softness', '--dry-run');
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('COLUMN_UNKNOWN')]);
  });

  test('repeat builds a session again from its log and finds every model the same to the byte', async () => {
    const { code, out } = await athanor('repeat', 'MDS1');
    expect(out).toContain('Every model is the same to the byte.');
    expect(code).toBe(0);
  });

  test('export writes a model, or the default one of a session, as an ONNX file', async () => {
    const file = join(folder, 'model.onnx');
    const { code, out } = await athanor('export', 'MDS1', '--output', file);
    expect(code).toBe(0);
    expect(out).toMatch(/Wrote MDL\d+ to .*model\.onnx, \d+/);
    // IR version 10 and the producer, at the head of an ONNX file.
    expect((await readFile(file)).subarray(0, 11).toString('latin1')).toBe('\x08\x0a\x12\x07Athanor');
    const unknown = await athanor('export', 'MDL999', '--output', file);
    expect(unknown.code).toBe(1);
    expect(unknown.err).toContain('RECORD_NOT_FOUND');
  });

  test('predict takes a session or a model, any order of columns, and writes CSV', async () => {
    const { out, code } = await athanor('predict', 'MDS1', rows);
    expect(code).toBe(0);
    expect(out).toContain('90 % interval');
    const json = JSON.parse((await athanor('predict', 'MDS1', rows, '--json', '--level', '0.5')).out) as {
      targets: { predictions: { mean: number; interval: { level: number } }[] }[];
    };
    const [alpha, beta] = json.targets[0]!.predictions;
    expect(alpha!.interval.level).toBe(0.5);
    // The supplier's effect is 12, and the scatter of the data below 1.
    expect(beta!.mean - alpha!.mean).toBeGreaterThan(6);
    const file = join(folder, 'predictions.csv');
    const models = JSON.parse((await athanor('show', 'MDS1', '--json')).out) as {
      models: { id: string; name: string }[];
    };
    const ridge = models.models.find(({ name }) => name === 'Ridge regression')!;
    expect((await athanor('predict', ridge.id, rows, '--output', file)).out).toContain('Wrote 2 predictions');
    const [header, first] = (await readFile(file, 'utf8')).split('\n');
    expect(header).toContain('hardness (HV) mean');
    expect(first!.split(',')).toHaveLength(header!.split(',').length);
  });

  test('a misspelt target is refused with the columns there are, and leaves nothing behind', async () => {
    const before = (await athanor('sessions')).out;
    const { code, err } = await athanor('build', table, '--target', 'softness');
    expect(code).toBe(1);
    expect(err).toContain('no column "softness"');
    expect(err).toContain('"hardness (HV)"');
    expect((await athanor('sessions')).out).toBe(before);
  });

  test('an empty file, a missing file, an unknown session and a wrong word each say what to do', async () => {
    const empty = join(folder, 'empty.csv');
    writeFileSync(empty, '');
    expect(await athanor('build', empty)).toMatchObject({ code: 1, err: expect.stringContaining('fix:') });
    expect((await athanor('build', join(folder, 'nowhere.csv'))).err).toContain('there is no file');
    expect((await athanor('show', 'nonsense')).err).toContain('fix:');
    const nobody = await athanor('sessions', '--url', 'http://127.0.0.1:1', '--token', 'x');
    expect(nobody.err).toContain('no server answers at http://127.0.0.1:1');
    expect((await athanor('suggest', table, '--maximize', 'hardness', '--count', 'ten')).code).toBe(2);
    const away = join(folder, 'nowhere', 'space.json');
    expect((await athanor('space', table, '--output', away)).err).toContain('there is no folder');
    expect((await athanor('show', 'MDS77')).err).toContain('RECORD_NOT_FOUND');
    const typo = await athanor('sesions');
    expect(typo.err).toContain('Did you mean sessions?');
    expect(typo.code).toBe(2);
  });

  test('doctor finds nothing wrong, and names secrets that others can read', async () => {
    expect((await athanor('doctor')).code).toBe(0);
    expect(statSync(join(data, 'credentials.json')).mode & 0o777).toBe(0o600);
  });

  test('clients are added, listed and revoked, and the secret is shown once', async () => {
    const added = await athanor('clients', 'add', 'nightly import', '--role', 'trusted');
    expect(added.code, added.err).toBe(0);
    const [, clientId] = /client id +(\S+)/.exec(added.out)!;
    const [, secret] = /client secret +(\S+)/.exec(added.out)!;
    expect(secret!.length).toBeGreaterThan(40);
    const listed = await athanor('clients', 'list');
    expect(listed.out).toContain(clientId);
    expect(listed.out).toContain('nightly import');
    expect(listed.out).toContain('trusted');
    expect(listed.out).not.toContain(secret);
    expect((await athanor('clients', 'revoke', clientId!)).out).toContain('is revoked');
    expect((await athanor('clients', 'revoke', 'nobody')).code).toBe(1);
    expect((await athanor('clients', 'add', 'x', '--role', 'king')).code).toBe(2);
  });
});
