import { z } from 'zod';
import { PatchBody } from '../records/patch.ts';
import { User, UserCreate } from '../records/user.ts';
import { listQuery } from './listQuery.ts';
import { defineRoute } from './route.ts';
import { SearchBody } from './searchBody.ts';

const params = z.object({ userId: z.string() });

export const userRoutes = {
  createUser: defineRoute({
    name: 'createUser',
    method: 'POST',
    path: '/users',
    summary: 'Create a user; a client lets it sign in.',
    tag: 'Users',
    role: 'admin',
    body: UserCreate,
    status: 201,
    reply: User,
  }),
  listUsers: defineRoute({
    name: 'listUsers',
    method: 'GET',
    path: '/users',
    summary: 'List users, oldest first, 100 a page.',
    tag: 'Users',
    query: z.strictObject({
      startKey: z.string().optional(),
      status: z.enum(['active', 'inactive']).optional(),
      type: z.enum(['role']).optional(),
      id: listQuery(z.string().max(100)),
    }),
    status: 200,
    reply: z.object({ Items: z.array(User), lastKey: z.string().optional() }),
  }),
  searchUsers: defineRoute({
    name: 'searchUsers',
    method: 'POST',
    path: '/users/search',
    summary: 'Search users by a part of their name or email.',
    tag: 'Users',
    isSafe: true,
    role: 'guest',
    body: SearchBody,
    status: 200,
    reply: z.object({ Items: z.array(User.omit({ Roles: true })), offset: z.int(), total: z.int() }),
  }),
  getUser: defineRoute({
    name: 'getUser',
    method: 'GET',
    path: '/users/:userId',
    summary: 'Read a user.',
    tag: 'Users',
    params,
    status: 200,
    reply: User,
  }),
  patchUser: defineRoute({
    name: 'patchUser',
    method: 'PATCH',
    path: '/users/:userId',
    summary: 'Change name, email, status or userClass.',
    tag: 'Users',
    role: 'admin',
    params,
    body: PatchBody,
    status: 200,
    reply: User,
  }),
  deleteUser: defineRoute({
    name: 'deleteUser',
    method: 'DELETE',
    path: '/users/:userId',
    summary: 'Take a user away: it stays readable as inactive, and its clients and tokens end at once.',
    tag: 'Users',
    role: 'admin',
    params,
    status: 204,
  }),
} as const;
