import type { FastifyRequest } from 'fastify';
import type { ServerConfig } from '../config.ts';

/** Where the client reached us: its own word for this server works for it, and was checked against our names. */
export function originOf(config: ServerConfig, request: FastifyRequest): string {
  return config.publicUrl?.origin ?? `http://${request.headers.host}`;
}
