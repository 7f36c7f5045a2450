import { z } from 'zod';
import { User } from '../records/user.ts';
import { defineRoute } from './route.ts';

export const userRoutes = {
  getUser: defineRoute({
    name: 'getUser',
    method: 'GET',
    path: '/users/:userId',
    summary: 'Read a user.',
    tag: 'Users',
    params: z.object({ userId: z.string() }),
    status: 200,
    reply: User,
  }),
} as const;
