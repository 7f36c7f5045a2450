import { ProblemError } from '@athanor/schema';
import { version } from '../../version.ts';
import type { RouteHandlers } from '../registerRoute.ts';

export function serverHandlers(isReady: () => boolean): RouteHandlers<'getHealth' | 'getReady'> {
  return {
    getHealth: async () => ({ status: 'ok', version }),

    async getReady() {
      if (!isReady()) throw ProblemError.of('SERVER_STOPPING', 'The server is starting or shutting down.');
      return { status: 'ready' };
    },
  };
}
