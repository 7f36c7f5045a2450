import type { Services } from '../../services/services.ts';
import type { RouteHandlers } from '../registerRoute.ts';

type DesignRunRoute = 'createDesignRun' | 'validateDesignRun' | 'createDesignRunV4' | 'validateDesignRunV4';

export function designRunHandlers({ designRuns }: Services): RouteHandlers<DesignRunRoute> {
  return {
    createDesignRun: ({ caller, body }) => designRuns.create(caller, body),
    validateDesignRun: ({ caller, body }) => designRuns.validate(caller, body),
    createDesignRunV4: ({ caller, body }) => designRuns.create(caller, body),
    validateDesignRunV4: ({ caller, body }) => designRuns.validate(caller, body),
  };
}
