import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ComputeThread } from './compute/computeThread.ts';
import { resolveConfig, type ServerConfig, type ServerOptions } from './config.ts';
import { addRoutes } from './http/addRoutes.ts';
import { createApp } from './http/createApp.ts';
import { EventStreams } from './http/eventStreams.ts';
import { PageCookie } from './http/pageCookie.ts';
import { ChildPool } from './jobs/childPool.ts';
import { Runner } from './jobs/runner.ts';
import { SqliteQueue } from './jobs/sqliteQueue.ts';
import type { Log } from './observe/log.ts';
import { LogStream } from './observe/logStream.ts';
import { AddedRows } from './services/addedRows.ts';
import { ApiClients } from './services/apiClients.ts';
import { AuditTrail } from './services/auditTrail.ts';
import { BuildEvents } from './services/buildEvents.ts';
import { Builds } from './services/builds.ts';
import { finishStep } from './services/buildSteps/finishStep.ts';
import { fitStep } from './services/buildSteps/fitStep.ts';
import { planStep } from './services/buildSteps/planStep.ts';
import { previewStep } from './services/buildSteps/previewStep.ts';
import { CandidateFiles } from './services/candidateFiles.ts';
import { Datasets } from './services/datasets.ts';
import { Exports } from './services/exports.ts';
import { DesignRuns } from './services/designRuns.ts';
import { Files } from './services/files.ts';
import { InsightOutcomes } from './services/insightOutcomes.ts';
import { Insights } from './services/insights.ts';
import { computeStep } from './services/insightSteps/computeStep.ts';
import { insightComputations } from './services/insightSteps/insightComputations.ts';
import { Jobs } from './services/jobs.ts';
import { removeLeftovers } from './services/keepBlobs.ts';
import { Models } from './services/models.ts';
import { ModelSessions } from './services/modelSessions.ts';
import { Molecules } from './services/molecules.ts';
import { Predictions } from './services/predictions.ts';
import { ProgressBoard } from './services/progressBoard.ts';
import { Projects } from './services/projects.ts';
import { RepeatedRequests } from './services/repeatedRequests.ts';
import { SessionSpaces } from './services/sessionSpaces.ts';
import { settleCandidates } from './services/settleCandidates.ts';
import { ensureAdministrator, SignIn } from './services/signIn.ts';
import { SmartDatasets } from './services/smartDatasets.ts';
import { buildStep } from './services/smartDatasetSteps/buildStep.ts';
import { Targets } from './services/targets.ts';
import { Users } from './services/users.ts';
import { StoredAnswers } from './store/storedAnswers.ts';
import { type DataDirectory, openDataDirectory } from './store/openDataDirectory.ts';

/** A token for the command line and for scripts of the one who starts the server, seconds. */
const startTokenSeconds = 7 * 24 * 3600;

export interface RunningServer {
  /** Where it answers, e.g. `http://127.0.0.1:3500`. */
  readonly url: string;
  /** The first administrator's credential; nulls when the operator has taken `credentials.json` away. */
  readonly credentials: { readonly clientId: string | null; readonly clientSecret: string | null };
  /** True when the data directory was made by this start. */
  readonly isFirstStart: boolean;
  /** A fresh administrator's token, good for a week. */
  readonly token: string;
  /** What an operator should know of this configuration. */
  readonly warnings: readonly string[];
  /** A link that signs one browser in as the administrator, once, within 15 minutes. */
  makeSignInLink(): Promise<string>;
  /** Stops gracefully: accepted requests are answered, running jobs go on at the next start. */
  close(): Promise<void>;
}

/**
 * Starts the server on its data directory.
 * @throws DataDirectoryInUseError; TypeError for options that make no sense; the error of listening, e.g. EADDRINUSE.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const config = resolveConfig(options);
  const directory = await openDataDirectory(config.dataDirectory);
  try {
    return await startOn(directory, config);
  } catch (error) {
    await directory.close();
    throw error;
  }
}

async function startOn(directory: DataDirectory, config: ServerConfig): Promise<RunningServer> {
  const { store, blobs, signingKey } = directory;
  const { limits } = config;
  const clock = Date.now;
  let isReady = false;

  let { credentials } = directory;
  let isFirstStart = false;
  await ensureAdministrator(store, clock, async () => {
    isFirstStart = true;
    // A first start that was cut off has left its credential behind.
    credentials ??= await directory.makeCredentials();
    return credentials;
  });

  const logStream = openLog(config);
  const app = createApp(config, logStream);
  const log: Log = app.log;
  const queue = new SqliteQueue(store, clock, limits.jobAttempts);
  const makeThread = (idleMs: number): ComputeThread =>
    new ComputeThread({
      entry: moduleUrl('compute/worker'),
      blobFolder: join(config.dataDirectory, 'blobs'),
      memoryMb: limits.computeMemoryMb,
      maxSeconds: limits.computeSeconds,
      cacheBytes: limits.computeCacheBytes,
      idleMs,
    });
  // Two, so that nobody who wants a prediction waits for a large table.
  const reading = makeThread(limits.readingIdleMs);
  const predicting = makeThread(limits.predictingIdleMs);
  const board = new ProgressBoard(clock);
  const builds = new Builds(store, blobs, queue, reading, board, clock, log, config.workers);
  const datasets = new Datasets(store, blobs, reading, clock);
  datasets.onData = (tenantId, datasetId) => builds.startWaiting(tenantId, datasetId);
  const signIn = new SignIn(store, signingKey, clock, limits);
  const insights = new Insights(store, blobs, queue, clock);
  const smartDatasets = new SmartDatasets(store, blobs, queue, reading, clock);
  const services = {
    signIn,
    users: new Users(store, signIn, clock),
    files: new Files(store, blobs, signingKey, clock, limits),
    datasets,
    addedRows: new AddedRows(builds, reading),
    modelSessions: new ModelSessions(store, builds, insights),
    models: new Models(store, builds),
    predictions: new Predictions(store, predicting),
    exports: new Exports(store, reading),
    buildEvents: new BuildEvents(store, builds, board),
    sessionSpaces: new SessionSpaces(store, reading),
    molecules: new Molecules(reading),
    projects: new Projects(store, clock),
    targets: new Targets(store, clock),
    insights,
    candidateFiles: new CandidateFiles(store, reading),
    insightOutcomes: new InsightOutcomes(store, reading),
    jobs: new Jobs(store, builds),
    smartDatasets,
    designRuns: new DesignRuns(store, insights, reading, log),
    apiClients: new ApiClients(store, signIn, clock),
    auditTrail: new AuditTrail(store),
    repeatedRequests: new RepeatedRequests(store, clock),
    storedAnswers: new StoredAnswers(store, limits.answerCacheBytes),
  };
  const pool = new ChildPool({
    entry: moduleUrl('jobs/child'),
    args: [join(config.dataDirectory, 'blobs')],
    size: config.workers,
    memoryMb: limits.jobMemoryMb,
    maxSeconds: limits.jobSeconds,
    logBytes: limits.jobLogBytes,
    idleMs: limits.jobIdleMs,
    onOutput: (output) => log.warn({ output }, 'a job process ended badly'),
  });
  const handlers = {
    planBuild: planStep(builds),
    fitTask: fitStep(builds),
    previewBuild: previewStep(builds),
    finishBuild: finishStep(builds),
    computeInsight: computeStep({
      store,
      blobs,
      queue,
      clock,
      computations: insightComputations(store, reading),
      onEnded: (transaction, insightId) => insights.onEnded(transaction, insightId),
    }),
    buildSmartDataset: buildStep({ store, blobs, queue, clock }),
  };
  const runner = new Runner(store, queue, pool, handlers, config.workers, log);
  const stopJobs = (group: string): void => runner.stopGroup(group);
  builds.stopJobs = stopJobs;
  insights.stopJobs = stopJobs;
  insights.onEnded = (transaction, insightId) => settleCandidates(builds, transaction, insightId);
  smartDatasets.stopJobs = stopJobs;
  builds.onEnded = (transaction, build) => insights.goOn(transaction, build);

  const streams = new EventStreams();
  const installation = createHash('sha256').update('cookie').update(signingKey).digest('hex').slice(0, 8);
  const cookie = new PageCookie(config, installation);
  await addRoutes(app, { config, services, streams, cookie, isReady: () => isReady, logStream });
  const { token } = await signIn.issueAdministratorToken(startTokenSeconds);
  await app.listen({ host: config.host, port: config.port });
  const localUrl = localUrlOf(config, app.server.address() as AddressInfo);
  const url = config.publicUrl?.origin ?? localUrl;
  for (const warning of config.warnings) log.warn(warning);

  await builds.startAllWaiting();
  await runner.start();
  isReady = true;
  await directory.writeNote({ pid: process.pid, url: localUrl });
  log.info({ url, dataDirectory: config.dataDirectory }, 'ready');

  let closing: Promise<void> | null = null;
  const leftovers = removeLeftovers(store, blobs, () => isReady).catch((error: unknown) => {
    log.warn({ err: error }, 'unused bytes could not be removed');
  });
  const close = async (): Promise<void> => {
    isReady = false;
    streams.closeAll();
    await leftovers;
    await runner.stop();
    await pool.close();
    // Idle connections go at once, busy ones soon after their answer is sent; who is still sending then is cut off.
    const sweep = setInterval(() => app.server.closeIdleConnections(), 50);
    const cut = setTimeout(() => app.server.closeAllConnections(), limits.stopMs);
    await app.close();
    clearInterval(sweep);
    clearTimeout(cut);
    await Promise.all([reading.close(), predicting.close()]);
    await directory.close();
  };
  return {
    url,
    credentials: credentials ?? { clientId: null, clientSecret: null },
    isFirstStart,
    token,
    makeSignInLink: async () => `${url}/sign-in#${await signIn.makeAdministratorLinkCode()}`,
    warnings: config.warnings,
    close: () => (closing ??= close()),
  };
}

function openLog({ log, dataDirectory }: ServerConfig): LogStream | null {
  if (log === 'none') return null;
  return new LogStream(log === 'file' ? join(dataDirectory, 'server.log') : process.stderr.fd);
}

/** A module that another thread or process starts with: TypeScript in the repository, JavaScript when published. */
function moduleUrl(path: string): URL {
  return new URL(`./${path}.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);
}

/** Where programs on this machine reach the server. */
function localUrlOf(config: ServerConfig, address: AddressInfo): string {
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}
