import type { Services } from '../../services/services.ts';
import type { RouteHandlers } from '../registerRoute.ts';

type TargetRoute = 'createTarget' | 'listTargets' | 'listTargetsById' | 'getTarget' | 'deleteTarget';

export function targetHandlers({ targets }: Services): RouteHandlers<TargetRoute> {
  return {
    createTarget: ({ caller, body }) => targets.create(caller, body),
    listTargets: ({ caller, query }) => targets.list(caller, query),
    listTargetsById: async ({ caller, query }) => ({ Items: await targets.listById(caller, query.id) }),
    getTarget: ({ caller, params }) => targets.get(caller, params.targetId),
    deleteTarget: ({ caller, params }) => targets.delete(caller, params.targetId),
  };
}
