import { z } from 'zod';
import { defineRoute } from './route.ts';

export const serverRoutes = {
  getHealth: defineRoute({
    name: 'getHealth',
    method: 'GET',
    path: '/health',
    summary: 'Is the server up? Always answers while the process lives.',
    tag: 'Server',
    public: true,
    status: 200,
    reply: z.object({ status: z.literal('ok'), version: z.string() }),
  }),
  getReady: defineRoute({
    name: 'getReady',
    method: 'GET',
    path: '/ready',
    summary: 'Can the server take work? 503 while it starts or stops.',
    tag: 'Server',
    public: true,
    status: 200,
    reply: z.object({ status: z.literal('ready') }),
  }),
} as const;
