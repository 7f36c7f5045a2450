import type { FastifyBaseLogger } from 'fastify';

/** What the server tells about itself: JSON lines with level, time and fields. Never secrets, never cell values. */
export type Log = Pick<FastifyBaseLogger, 'debug' | 'info' | 'warn' | 'error'>;

export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];
