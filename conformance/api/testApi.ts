/**
 * Generated requests, made from the OpenAPI document by schemathesis, against every operation: no answer of 5xx, every
 * answer as the document says, no answer without a token except on the written allowlist.
 *
 * By itself: `npm run test:api [-- --cases 200] [-- --seed 7] [-- --only addRows,listJobs]`, with 200 cases an operation. Ends with
 * one line of JSON.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DesignPayload } from '@athanor/schema';
import { Client } from '@athanor/schema/client';
import { environmentOf, type Ready, withServer } from '../freshServer.ts';
import { preparePython } from '../python.ts';

/** Pinned: what it generates, and what it complains about, changes between versions. */
const schemathesis = 'schemathesis==4.32.5';
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
  'ignored_auth',
  'unsupported_method',
];

export interface ApiFigures {
  readonly operations: number;
  readonly failedOperations: number;
  /** Requests sent. */
  readonly cases: number;
  readonly serverErrors: number;
}

/**
 * @param cases Generated requests an operation
 * @param withCoverage Also every boundary and every wrong method that the tool knows; a minute and a half
 * @param only Operations by id; empty for all
 */
export async function testApi(
  cases: number,
  seed = 1,
  withCoverage = false,
  only: readonly string[] = [],
): Promise<ApiFigures> {
  const python = preparePython('api', [schemathesis]);
  const folder = mkdtempSync(join(tmpdir(), 'athanor-api-'));
  const report = join(folder, 'report.ndjson');
  try {
    await withServer(async (ready) => {
      const known = await makeRecords(ready);
      spawnSync(
        join(python, '..', 'schemathesis'),
        [
          'run',
          `${ready.url}/api/v3/openapi.json`,
          '--header',
          `Authorization: Bearer ${ready.token}`,
          '--checks',
          checks.join(','),
          '--phases',
          withCoverage ? 'examples,coverage,fuzzing' : 'examples,fuzzing',
          '--max-examples',
          String(cases),
          '--seed',
          String(seed),
          '--generation-database',
          'none',
          '--continue-on-failure',
          '--no-shrink',
          '--request-timeout',
          '30',
          '--suppress-health-check',
          'all',
          '--workers',
          '2',
          '--no-color',
          '--warnings',
          'off',
          '--report',
          'ndjson',
          '--report-ndjson-path',
          report,
          ...only.flatMap((id) => ['--include-operation-id', id]),
        ],
        {
          cwd: folder,
          stdio: ['ignore', 'inherit', 'inherit'],
          env: {
            ...environmentOf(ready),
            SCHEMATHESIS_HOOKS: join(import.meta.dirname, 'hooks.py'),
            ATHANOR_KNOWN_IDS: JSON.stringify(known),
          },
        },
      );
    });
    return readReport(report);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const columns = ['resin (g)', 'hardener (g)'];
const hardness = 'hardness (HV)';

/** What an optimizer leaves. */
const candidates: DesignPayload = {
  version: 1,
  method: 'optimize',
  seed: 1,
  mode: 'balanced',
  space: {
    variables: columns.map((key) => ({ kind: 'amount', key, lower: 0, upper: 20, step: 1 })),
    constraints: [],
  },
  objectives: [{ target: hardness, goal: 'maximize' }],
  generated: 2,
  candidates: [1, 2].map((rank) => ({
    rank,
    inputs: { 'resin (g)': rank, 'hardener (g)': 3 },
    predictions: [
      {
        target: hardness,
        prediction: {
          mean: 110,
          standardDeviation: 2,
          modelStandardDeviation: 1,
          interval: { lower: 106, upper: 114, level: 0.9 },
        },
        probability: null,
      },
    ],
    probabilityOfAll: null,
    probabilityOfAllIndependent: null,
    score: 1,
    shareOfImprovement: 0.5,
    reason: 'exploit',
    applicability: null,
    nearest: null,
    cost: null,
    slack: [],
  })),
  figures: {},
  warnings: [],
};

/** A record of every kind, so that requests can be about something; by the name of the parameter or field. */
async function makeRecords({ url, token }: Ready): Promise<Record<string, string[]>> {
  const client = new Client({ url, token });
  const table = [[...columns, hardness].join(',')];
  for (let i = 0; i < 20; i++) table.push(`${i + 1},${(i * 7) % 11},${100 + ((i * 13) % 17)}`);
  await client.upload('api.csv', new TextEncoder().encode(table.join('\n')), 'text/csv');
  const dataset = await client.call('createDataset', {
    body: { name: 'd', key: 'api.csv', parentId: 'PRO1' },
  });
  const session = await client.call('createModelSession', {
    body: { name: 's', category: 'userModel', datasetId: dataset.albertId },
  });
  const model = await client.call('createModel', {
    params: { sessionId: session.id },
    body: { name: 'm', state: 'Complete' },
  });
  const detached = await client.call('createDetachedModel', { body: { name: 'detached' } });
  const target = await client.call('createTarget', {
    body: {
      name: 'hardness',
      type: 'performance',
      dataTemplateId: 'DAT1',
      dataColumnId: 'DAC1',
      targetValue: { operator: 'gte', value: 100 },
      isRequired: true,
    },
  });
  const smart = await client.call('createSmartDataset', {
    body: { scope: { projectIds: ['PRO1'], targetIds: [target.id] } },
  });
  const insight = await client.call('createInsight', { body: { name: 'i', category: 'Generate' } });
  const proposed = await client.call('createInsight', {
    body: {
      name: 'candidates',
      category: 'Optimizer',
      state: 'Complete',
      datasetId: dataset.albertId,
      RawPayload: { ...candidates },
    },
  });
  const spare = await client.call('createClient', { body: { name: 'spare' } });
  return {
    datasetId: [dataset.albertId],
    sessionId: [session.id],
    modelSessionId: [session.id],
    modelId: [model.id, detached.id],
    targetId: [target.id],
    smartDatasetId: [smart.id],
    insightId: [insight.albertId, proposed.albertId],
    columns: [...columns, hardness],
    projectId: ['PRO1'],
    userId: ['USR1', spare.userId],
    clientId: [spare.clientId],
  };
}

/** What the report says: one line an event. */
function readReport(path: string): ApiFigures {
  const operations = new Set<string>();
  const failed = new Set<string>();
  let cases = 0;
  let serverErrors = 0;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line === '') continue;
    const event = (JSON.parse(line) as { ScenarioFinished?: ScenarioFinished }).ScenarioFinished;
    if (event === undefined) continue;
    const { recorder, status } = event;
    operations.add(recorder.label);
    if (status === 'failure' || status === 'error') failed.add(recorder.label);
    for (const { response } of Object.values(recorder.interactions ?? {})) {
      cases += 1;
      if (response && response.status_code >= 500) serverErrors += 1;
    }
  }
  return { operations: operations.size, failedOperations: failed.size, cases, serverErrors };
}

interface ScenarioFinished {
  readonly status: string;
  readonly recorder: {
    readonly label: string;
    readonly interactions?: Readonly<
      Record<string, { readonly response?: { readonly status_code: number } }>
    >;
  };
}

if (process.argv[1] === import.meta.filename) {
  const valueOf = (name: string, byDefault: number): number => {
    const at = process.argv.indexOf(name);
    return at < 0 ? byDefault : Number(process.argv[at + 1]);
  };
  const cases = valueOf('--cases', 200);
  const at = process.argv.indexOf('--only');
  const only = at < 0 ? [] : process.argv[at + 1]!.split(',');
  const {
    operations,
    failedOperations,
    cases: sent,
    serverErrors,
  } = await testApi(cases, valueOf('--seed', 1), true, only);
  const figures = {
    operations,
    failed_operations: failedOperations,
    cases_an_operation: cases,
    requests: sent,
    answers_of_5xx: serverErrors,
  };
  process.exitCode = failedOperations === 0 && serverErrors === 0 && operations > 0 ? 0 : 1;
  console.log(JSON.stringify({ bench: 'api', figures }));
}
