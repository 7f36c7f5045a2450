import { z } from 'zod';
import { PatchBody } from '../records/patch.ts';
import { Project, ProjectCreate } from '../records/project.ts';
import { defineRoute } from './route.ts';
import { SearchBody } from './searchBody.ts';

const params = z.object({ projectId: z.string() });

export const projectRoutes = {
  createProject: defineRoute({
    name: 'createProject',
    method: 'POST',
    path: '/projects',
    summary: 'Create a project; naming a new one in a dataset or an insight creates it as well.',
    tag: 'Projects',
    body: ProjectCreate,
    status: 201,
    reply: Project,
  }),
  listProjects: defineRoute({
    name: 'listProjects',
    method: 'GET',
    path: '/projects',
    summary: 'List projects, oldest first, 100 a page.',
    tag: 'Projects',
    query: z.strictObject({ startKey: z.string().optional() }),
    status: 200,
    reply: z.object({ Items: z.array(Project), lastKey: z.string().optional() }),
  }),
  searchProjects: defineRoute({
    name: 'searchProjects',
    method: 'POST',
    path: '/projects/search',
    summary: 'Search projects by a part of their description.',
    tag: 'Projects',
    isSafe: true,
    role: 'guest',
    body: SearchBody,
    status: 200,
    reply: z.object({ Items: z.array(Project), offset: z.int(), total: z.int() }),
  }),
  getProject: defineRoute({
    name: 'getProject',
    method: 'GET',
    path: '/projects/:projectId',
    summary: 'Read a project.',
    tag: 'Projects',
    params,
    status: 200,
    reply: Project,
  }),
  patchProject: defineRoute({
    name: 'patchProject',
    method: 'PATCH',
    path: '/projects/:projectId',
    summary: 'Change description, state or grid.',
    tag: 'Projects',
    params,
    body: PatchBody,
    status: 200,
    reply: Project,
  }),
  deleteProject: defineRoute({
    name: 'deleteProject',
    method: 'DELETE',
    path: '/projects/:projectId',
    summary: 'Delete a project; refused while anything hangs under it.',
    tag: 'Projects',
    params,
    status: 204,
  }),
} as const;
