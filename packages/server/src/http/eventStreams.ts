import type { BuildEvent } from '@athanor/schema';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A comment this often keeps proxies from closing a quiet stream. */
const keepAliveMs = 15_000;

/** Answers that stay open and tell events as they happen (server-sent events). */
export class EventStreams {
  readonly #open = new Set<() => void>();

  /**
   * Answers with events until `end`: the event's name is its `type`, its data the whole event. Refusals of `follow`
   * become ordinary answers, because nothing has been sent by then.
   */
  async send(
    request: FastifyRequest,
    reply: FastifyReply,
    follow: (listener: (event: BuildEvent) => void) => Promise<() => void>,
  ): Promise<void> {
    const early: BuildEvent[] = [];
    let tell: (event: BuildEvent) => void = (event) => early.push(event);
    const stop = await follow((event) => tell(event));

    const stream = reply.raw;
    reply.hijack();
    stream.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      // Proxies such as nginx would otherwise hold events back.
      'x-accel-buffering': 'no',
    });
    stream.flushHeaders();
    const keepAlive = setInterval(() => stream.write(': still here\n\n'), keepAliveMs);
    const close = (): void => {
      if (!this.#open.delete(close)) return;
      clearInterval(keepAlive);
      stop();
      stream.end();
    };
    this.#open.add(close);
    stream.once('close', close);
    stream.once('error', close);
    tell = (event) => {
      stream.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      if (event.type === 'end') close();
    };
    for (const event of early) tell(event);
    if (request.raw.socket.destroyed) close();
  }

  /** Ends all streams, so that the server can stop; clients connect again. */
  closeAll(): void {
    for (const close of this.#open) close();
  }
}
