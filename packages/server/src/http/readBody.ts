import type { IncomingMessage } from 'node:http';
import { ProblemError } from '@athanor/schema';

export interface BodyLimits {
  /** Bytes. */
  readonly maxBytes: number;
  /** The whole body must have arrived by then. */
  readonly timeoutMs: number;
}

/** After a refusal the rest of a body is read and dropped for so long, because a reset would hide the answer. */
const dropMs = 5_000;

/**
 * The whole body of a request in memory.
 * @throws ProblemError BODY_TOO_LARGE as soon as that is known, REQUEST_TIMEOUT, or UPLOAD_INCOMPLETE when the
 * client goes away.
 */
export function readBody(stream: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const { 'content-length': length, 'transfer-encoding': encoding } = stream.headers;
  if (encoding === undefined && (length === undefined || length === '0')) {
    return Promise.resolve(Buffer.alloc(0));
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const tooLarge = () =>
      ProblemError.of('BODY_TOO_LARGE', `The body is larger than the limit of ${limits.maxBytes} bytes.`);
    const timer = setTimeout(() => {
      end(ProblemError.of('REQUEST_TIMEOUT', `The body did not arrive within ${limits.timeoutMs} ms.`));
    }, limits.timeoutMs);

    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > limits.maxBytes) end(tooLarge());
      else chunks.push(chunk);
    };
    const onEnd = () => end(null);
    const onClose = () =>
      end(ProblemError.of('UPLOAD_INCOMPLETE', 'The connection ended before the body did.'));

    function end(error: ProblemError | null): void {
      clearTimeout(timer);
      stream.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
      if (error === null) resolve(Buffer.concat(chunks, size));
      else reject(error);
    }

    stream.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
    if (Number(length ?? 0) > limits.maxBytes) end(tooLarge());
  });
}

/** Lets a client finish sending what is not wanted, for a short while, so that it reads the refusal. */
export function dropRest(stream: IncomingMessage): void {
  if (stream.complete || stream.destroyed) return;
  stream.on('error', () => {});
  stream.resume();
  const timer = setTimeout(() => stream.socket.destroy(), dropMs);
  timer.unref();
  stream.once('close', () => clearTimeout(timer));
  stream.once('end', () => clearTimeout(timer));
}
