import { type RouteName, routes } from '@athanor/schema';
import type { FastifyInstance } from 'fastify';
import type { ServerConfig } from '../config.ts';
import type { Services } from '../services/services.ts';
import { documentation } from './documentation.ts';
import type { LogStream } from '../observe/logStream.ts';
import { requestLine } from '../observe/requestLine.ts';
import { errorHandler } from './errorHandler.ts';
import type { EventStreams } from './eventStreams.ts';
import { fastLane } from './fastLane.ts';
import { guards } from './guards.ts';
import { page } from './page.ts';
import type { PageCookie } from './pageCookie.ts';
import { registerRoute, type RouteHandler, type RouteHandlers } from './registerRoute.ts';
import { addRequestFields } from './requestFields.ts';
import { datasetHandlers } from './routes/datasets.ts';
import { fileHandlers } from './routes/files.ts';
import { loginHandlers } from './routes/login.ts';
import { modelHandlers } from './routes/models.ts';
import { modelSessionHandlers } from './routes/modelSessions.ts';
import { serverHandlers } from './routes/server.ts';
import { auditHandlers } from './routes/audit.ts';
import { clientHandlers } from './routes/clients.ts';
import { designRunHandlers } from './routes/designRuns.ts';
import { insightHandlers } from './routes/insights.ts';
import { jobHandlers } from './routes/jobs.ts';
import { moleculeHandlers } from './routes/molecules.ts';
import { projectHandlers } from './routes/projects.ts';
import { smartDatasetHandlers } from './routes/smartDatasets.ts';
import { targetHandlers } from './routes/targets.ts';
import { userHandlers } from './routes/users.ts';
import { securityHeaders } from './securityHeaders.ts';
import { unknownRoute } from './unknownRoute.ts';

export interface AppParts {
  readonly config: ServerConfig;
  readonly services: Services;
  readonly streams: EventStreams;
  readonly cookie: PageCookie;
  readonly isReady: () => boolean;
  /** Null without a log. */
  readonly logStream: LogStream | null;
}

/** Gives the server its guards, its answers to what goes wrong, the API reference, and every route of the schema. */
export async function addRoutes(app: FastifyInstance, parts: AppParts): Promise<void> {
  const { config, services, streams, cookie, isReady, logStream } = parts;
  const hasRequestLines = logStream !== null && (config.logLevel === 'info' || config.logLevel === 'debug');
  addRequestFields(app);
  app.addHook('onRequest', fastLane(config, services, isReady));
  app.addHook('onRequest', securityHeaders(config));
  const answerUnknown = unknownRoute(app);
  app.addHook('onRequest', guards(config, services.signIn, cookie, isReady, answerUnknown));
  app.addHook('onResponse', (request, reply, done) => {
    if (hasRequestLines) {
      logStream.write(
        requestLine(Date.now(), {
          requestId: request.id,
          method: request.method,
          route: request.routeOptions.url ?? null,
          status: reply.statusCode,
          code: request.refusal,
          ms: Math.round(reply.elapsedTime),
          tenantId: request.caller?.tenantId ?? null,
          clientId: request.caller?.clientId ?? null,
        }),
      );
    }
    done();
  });

  // Every route reads, limits and checks its own body: see registerRoute.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler(errorHandler);
  app.setNotFoundHandler(answerUnknown);

  await documentation(app);
  await page(app);
  const handlers: RouteHandlers = {
    ...loginHandlers(services, config, cookie),
    ...userHandlers(services),
    ...fileHandlers(services, config),
    ...datasetHandlers(services),
    ...modelSessionHandlers(services, streams),
    ...modelHandlers(services),
    ...auditHandlers(services),
    ...clientHandlers(services),
    ...designRunHandlers(services),
    ...insightHandlers(services),
    ...moleculeHandlers(services),
    ...projectHandlers(services),
    ...smartDatasetHandlers(services),
    ...targetHandlers(services),
    ...jobHandlers(services),
    ...serverHandlers(isReady),
  };
  for (const name of Object.keys(routes) as RouteName[]) {
    registerRoute(app, name, handlers[name] as RouteHandler<RouteName>, config.limits, services);
  }
}
