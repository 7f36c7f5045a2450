import type { FastifyReply } from 'fastify';
import { contentDisposition } from './contentDisposition.ts';

/** A file to be sent for saving. */
export interface SentFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Plain bytes when left out. */
  readonly contentType?: string;
}

export function sendFile(reply: FastifyReply, { name, bytes, contentType }: SentFile): FastifyReply {
  return reply
    .headers({
      'content-type': contentType ?? 'application/octet-stream',
      'content-length': String(bytes.length),
      'content-disposition': contentDisposition(name),
    })
    .send(bytes);
}
