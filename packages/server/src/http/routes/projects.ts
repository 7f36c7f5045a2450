import type { Services } from '../../services/services.ts';
import type { RouteHandlers } from '../registerRoute.ts';

type ProjectRoute =
  | 'createProject'
  | 'listProjects'
  | 'searchProjects'
  | 'getProject'
  | 'patchProject'
  | 'deleteProject';

export function projectHandlers({ projects }: Services): RouteHandlers<ProjectRoute> {
  return {
    createProject: ({ caller, body }) => projects.create(caller, body),
    listProjects: ({ caller, query }) => projects.list(caller, query.startKey),
    searchProjects: ({ caller, body }) => projects.search(caller, body),
    getProject: ({ caller, params }) => projects.get(caller, params.projectId),
    patchProject: ({ caller, params, body }) => projects.patch(caller, params.projectId, body),
    deleteProject: ({ caller, params }) => projects.delete(caller, params.projectId),
  };
}
