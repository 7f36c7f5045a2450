import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProblemError } from '@athanor/schema';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ComputeThread } from '../compute/computeThread.ts';
import type { Log } from '../observe/log.ts';
import { openSqliteStore } from '../store/openSqliteStore.ts';
import { smartDatasets } from '../store/repositories/smartDatasets.ts';
import { tenants } from '../store/repositories/tenants.ts';
import { creationStamps } from '../store/stamps.ts';
import type { Store } from '../store/store.ts';
import type { Caller } from './caller.ts';
import { DesignRuns } from './designRuns.ts';
import type { Insights } from './insights.ts';

const caller: Caller = { tenantId: 1, userId: 1, userName: 'Ada', userClass: 'admin', clientId: 'c' };
const at = '2026-01-01T00:00:00.000Z';
const run = { method: 'space_filling', smartDatasetId: 'SDT1' } as const;

let folder: string;
let store: Store;
let told: unknown[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'athanor-runs-'));
  store = await openSqliteStore(join(folder, 'store.sqlite'));
  told = [];
  await tenants.insert(store.database, { id: 1, name: 'one', createdAt: at });
  await smartDatasets.insert(store.database, {
    id: 1,
    tenantId: 1,
    parentId: null,
    buildState: 'ready',
    scope: JSON.stringify({ projectIds: [], targetIds: [], sheetIds: [], targetParentIds: [] }),
    schema: null,
    storageKey: null,
    matrixHash: 'x',
    failure: null,
    isOurs: 1,
    ...creationStamps(caller, at),
  });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** Design runs whose check fails like this. */
function runsThatFail(error: Error): DesignRuns {
  const checkDesignRun = async (): Promise<never> => {
    throw error;
  };
  const log = { error: (details: unknown) => told.push(details) };
  return new DesignRuns(
    store,
    {} as Insights,
    { checkDesignRun } as unknown as ComputeThread,
    log as unknown as Log,
  );
}

it('a check that takes too long is the violation job_timeout, and nothing is started', async () => {
  const error = ProblemError.of('COMPUTE_UNAVAILABLE', 'The answer took longer than 60 seconds.');
  const validation = await runsThatFail(error).validate(caller, run);
  expect(validation).toEqual({
    valid: false,
    violations: [{ code: 'job_timeout', message: 'The check took longer than allowed.' }],
    targetSampleCounts: null,
  });
  await expect(runsThatFail(error).create(caller, run)).rejects.toMatchObject({ code: 'DESIGN_RUN_INVALID' });
});

it('a check that meets a bug is the violation internal; the log knows more than the client', async () => {
  const error = new RangeError('secret of the inside');
  const { valid, violations } = await runsThatFail(error).validate(caller, run);
  expect(valid).toBe(false);
  expect(violations.map(({ code }) => code)).toEqual(['internal']);
  expect(violations[0]!.message).not.toContain('secret');
  expect(told).toEqual([{ err: error }]);
  const refusal = await runsThatFail(error)
    .create(caller, run)
    .catch((reason: unknown) => reason as ProblemError);
  expect(refusal).toMatchObject({ code: 'DESIGN_RUN_INVALID' });
  expect((refusal as ProblemError).message).toContain('internal');
});

it('what is wrong with the settings is told beside it', async () => {
  const settings = { numCandidatesSelected: 0 };
  const { violations } = await runsThatFail(new Error('x')).validate(caller, { ...run, settings });
  expect(violations.map(({ code }) => code)).toEqual(['invalid_settings', 'internal']);
});
