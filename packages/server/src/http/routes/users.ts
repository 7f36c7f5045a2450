import type { Services } from '../../services/services.ts';
import type { RouteHandlers } from '../registerRoute.ts';

type UserRoute = 'createUser' | 'listUsers' | 'searchUsers' | 'getUser' | 'patchUser' | 'deleteUser';

export function userHandlers({ users }: Services): RouteHandlers<UserRoute> {
  return {
    createUser: ({ caller, body }) => users.create(caller, body),
    listUsers: ({ caller, query }) => users.list(caller, query),
    searchUsers: ({ caller, body }) => users.search(caller, body),
    getUser: ({ caller, params }) => users.get(caller, params.userId),
    patchUser: ({ caller, params, body }) => users.patch(caller, params.userId, body),
    deleteUser: ({ caller, params }) => users.delete(caller, params.userId),
  };
}
