import { z } from 'zod';
import { Target, TargetCreate } from '../records/target.ts';
import { listQuery } from './listQuery.ts';
import { defineRoute } from './route.ts';

const params = z.object({ targetId: z.string() });
/** Whose permissions to borrow; Athanor's permissions are those of the tenant, so it changes nothing. */
const parentId = z.string().max(100).optional();

export const targetRoutes = {
  createTarget: defineRoute({
    name: 'createTarget',
    method: 'POST',
    path: '/targets',
    summary: 'Create a target: what is wanted of a measured property.',
    tag: 'Targets',
    body: TargetCreate,
    status: 201,
    reply: Target,
  }),
  listTargets: defineRoute({
    name: 'listTargets',
    method: 'GET',
    path: '/targets',
    summary: 'List targets, oldest first, 100 a page.',
    tag: 'Targets',
    query: z.strictObject({ startKey: z.string().optional(), parentId }),
    status: 200,
    reply: z.object({ Items: z.array(Target), lastKey: z.string().optional() }),
  }),
  listTargetsById: defineRoute({
    name: 'listTargetsById',
    method: 'GET',
    path: '/targets/ids',
    summary: 'Read several targets by their ids; those that do not exist are left out.',
    tag: 'Targets',
    query: z.strictObject({ id: listQuery(z.string().max(100)) }),
    status: 200,
    reply: z.object({ Items: z.array(Target) }),
  }),
  getTarget: defineRoute({
    name: 'getTarget',
    method: 'GET',
    path: '/targets/:targetId',
    summary: 'Read a target.',
    tag: 'Targets',
    params,
    query: z.strictObject({ parentId }),
    status: 200,
    reply: Target,
  }),
  deleteTarget: defineRoute({
    name: 'deleteTarget',
    method: 'DELETE',
    path: '/targets/:targetId',
    summary: 'Delete a target; refused while the scope of a smart dataset names it.',
    tag: 'Targets',
    params,
    status: 204,
  }),
} as const;
