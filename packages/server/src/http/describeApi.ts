import { resolveConfig } from '../config.ts';
import type { Services } from '../services/services.ts';
import { addRoutes } from './addRoutes.ts';
import { createApp } from './createApp.ts';
import { EventStreams } from './eventStreams.ts';
import { PageCookie } from './pageCookie.ts';

/** The OpenAPI 3.1 document of the API, without starting a server. */
export async function describeApi(): Promise<object> {
  const config = resolveConfig({ dataDirectory: '.', log: 'none' });
  const app = createApp(config, null);
  // Routes are only registered here, never called.
  const services = {} as Services;
  const cookie = new PageCookie(config, '');
  await addRoutes(app, {
    config,
    services,
    streams: new EventStreams(),
    cookie,
    isReady: () => false,
    logStream: null,
  });
  await app.ready();
  const document = app.swagger();
  await app.close();
  return document;
}
