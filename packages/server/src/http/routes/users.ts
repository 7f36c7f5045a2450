import type { Services } from '../../services/services.ts';
import type { RouteHandlers } from '../registerRoute.ts';

export function userHandlers({ users }: Services): RouteHandlers<'getUser'> {
  return {
    getUser: ({ caller, params }) => users.get(caller, params.userId),
  };
}
