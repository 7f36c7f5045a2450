import {
  basePath,
  BuildEvent,
  errorCodes,
  errorTable,
  fullPath,
  Problem,
  type Route,
  routes,
} from '@athanor/schema';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { version } from '../version.ts';

/** What zod says of every whole number and every time, and nobody needs to read. */
const quiet: NonNullable<Parameters<typeof createJsonSchemaTransform>[0]['zodToJsonConfig']> = {
  override: ({ jsonSchema }) => {
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
  },
};
const bytes = z.any().meta({ type: 'string', format: 'binary' });
/** One event of a stream; its data are the JSON of a BuildEvent. */
const serverSentEvent = z.object({
  event: z.enum(['progress', 'log', 'end']),
  data: z.string().meta({ contentMediaType: 'application/json', contentSchema: z.toJSONSchema(BuildEvent) }),
});
const nothing = z.null().describe('Done.');
const formType = 'application/x-www-form-urlencoded';

/**
 * The API reference, made from the routes of the schema: the document at `openapi.json`, a page that needs no
 * internet at `/docs`, and one with all errors at `/docs/errors`. Register it before the routes.
 */
export async function documentation(app: FastifyInstance): Promise<void> {
  const completeComponents = createJsonSchemaTransformObject({ zodToJsonConfig: quiet });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Athanor',
        version,
        description:
          'Builds Breakthrough models from a table of experiments and predicts with them. ' +
          'Every refusal is a problem document with code, detail, location and fix.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
      security: [{ token: [] }],
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig: quiet }),
    transformObject: (document) => {
      const complete = completeComponents(document) as { paths?: Record<string, Record<string, object>> };
      for (const route of Object.values<Route>(routes)) {
        if (route.bodyType !== 'binary') continue;
        const operation =
          complete.paths?.[fullPath(route).replace(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()];
        // The transform knows bodies of JSON and forms only.
        const schema = { type: 'string', format: 'binary' };
        if (operation !== undefined) {
          Object.assign(operation, { requestBody: { required: true, content: { '*/*': { schema } } } });
        }
      }
      return complete;
    },
  });
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/docs')) route.config = { ...route.config, isPage: true };
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    theme: {
      title: 'Athanor: API reference',
      css: [{ filename: 'athanor.css', content: '.swagger-ui .topbar { display: none }' }],
    },
  });
  app.route({
    method: 'GET',
    url: `${basePath}/openapi.json`,
    config: { isPublic: true },
    schema: { hide: true },
    handler: async (_request, reply) =>
      reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(app.swagger())),
  });
  app.route({
    method: 'GET',
    url: '/docs/errors',
    schema: { hide: true },
    handler: async (_request, reply) =>
      reply.header('content-type', 'text/html; charset=utf-8').send(errorsPage()),
  });
}

/** What the reference says of a route, in the words Fastify's plugins understand. */
export function describeRoute(route: Route): object {
  const { name, summary, tag, params, query, body, bodyType, status } = route;
  return {
    operationId: name,
    summary,
    tags: [tag],
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { querystring: query }),
    ...(body === undefined ? {} : { body }),
    ...(bodyType === 'form' ? { consumes: [formType] } : {}),
    ...(route.public === true ? { security: [] } : {}),
    response: {
      [status]: status === 204 ? nothing : { description: 'Success.', content: contentOf(route) },
      default: {
        description: 'Refused; the status is that of the error.',
        content: { 'application/problem+json': { schema: Problem } },
      },
    },
  };
}

function contentOf(route: Route): Record<string, { schema: z.ZodType }> {
  if (route.replyType === 'events') return { 'text/event-stream': { schema: serverSentEvent } };
  if (route.replyType === 'svg') return { 'image/svg+xml': { schema: z.string() } };
  if (route.replyType === 'binary') {
    const types = route.contentTypes ?? ['application/octet-stream'];
    return Object.fromEntries(types.map((type) => [type, { schema: bytes }]));
  }
  return { 'application/json': { schema: route.reply ?? nothing } };
}

function errorsPage(): string {
  const rows = errorCodes.map((code) => {
    const { status, title, fix } = errorTable[code];
    return `<tr id="${code.toLowerCase()}"><td><code>${code}</code></td><td>${status}</td><td>${escape(title)}</td><td>${escape(fix)}</td></tr>`;
  });
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Athanor: errors</title></head>' +
    '<body><h1>Errors</h1><p>Every refusal names one of these codes, where the trouble is, and what to do.</p>' +
    '<table><thead><tr><th>code</th><th>status</th><th>what it says</th><th>what to do</th></tr></thead>' +
    `<tbody>${rows.join('')}</tbody></table></body></html>`
  );
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
