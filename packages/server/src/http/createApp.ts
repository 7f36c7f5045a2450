import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { problemItem, toProblem } from '@athanor/schema';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import type { ServerConfig } from '../config.ts';
import type { LogStream } from '../observe/logStream.ts';
import { errorHandler } from './errorHandler.ts';

/** Names in paths are short; signed addresses carry their grant and are not. Node's own limit on headers is 16 KB. */
const maxParamLength = 16_384;
/** Headers of a request must have arrived by then. */
const headersTimeoutMs = 15_000;
/** Longest request altogether, uploads on slow lines included. */
const requestTimeoutMs = 3_600_000;

/** The bare HTTP server with its log; `addRoutes` gives it something to answer. */
export function createApp({ logLevel: level }: ServerConfig, stream: LogStream | null): FastifyInstance {
  const requestIds = countRequests();
  const app = Fastify({
    logger: stream === null ? false : { level, stream },
    // One log for all requests; lines about one name its id.
    childLoggerFactory: (logger) => logger,
    // Ours says the route instead of the address, which may carry a signature.
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: requestTimeoutMs,
    http: { headersTimeout: headersTimeoutMs, requireHostHeader: false },
    routerOptions: { maxParamLength },
    genReqId: requestIds,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    frameworkErrors: errorHandler,
    clientErrorHandler: answerClientError,
  });
  app.addHook('onClose', async () => stream?.close());
  return app;
}

/** Ids that look like UUIDs: a random start for this process, and a number. */
function countRequests(): () => string {
  const start = randomUUID().slice(0, 24);
  let count = 0;
  return () => start + (count += 1).toString(16).padStart(12, '0');
}

/** Requests that are not even HTTP, or whose headers are too large or too slow. */
function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const isSlow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const item = isSlow
    ? problemItem('REQUEST_TIMEOUT', 'The request did not arrive in time.')
    : problemItem('BODY_MALFORMED', 'This is not a valid HTTP request.');
  const problem = toProblem([item]);
  const body = JSON.stringify(problem);
  const reason = isSlow ? 'Request Timeout' : 'Bad Request';
  socket.end(
    `HTTP/1.1 ${problem.status} ${reason}\r\nContent-Type: application/problem+json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
