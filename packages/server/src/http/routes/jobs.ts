import type { Services } from '../../services/services.ts';
import type { RouteHandlers } from '../registerRoute.ts';

export function jobHandlers({ jobs }: Services): RouteHandlers<'listJobs'> {
  return {
    listJobs: async ({ caller, query }) => ({ Items: await jobs.list(caller, query.state, query.limit) }),
  };
}
