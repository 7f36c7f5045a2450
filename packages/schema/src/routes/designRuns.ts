import { DesignRunRequest, DesignRunValidation } from '../records/designRun.ts';
import { Insight } from '../records/insight.ts';
import { defineRoute } from './route.ts';

const create = {
  method: 'POST',
  summary: 'Start a design run; answers with the queued insight that will hold the candidates.',
  tag: 'Design runs',
  body: DesignRunRequest,
  status: 201,
  reply: Insight,
} as const;
const validate = {
  method: 'POST',
  summary: 'Check a design run without starting it; what is wrong is in the answer.',
  tag: 'Design runs',
  isSafe: true,
  role: 'guest',
  body: DesignRunRequest,
  status: 200,
  reply: DesignRunValidation,
} as const;

/** The newest clients know the same two routes under a second address. */
export const designRunRoutes = {
  createDesignRun: defineRoute({ name: 'createDesignRun', path: '/designruns', ...create }),
  validateDesignRun: defineRoute({ name: 'validateDesignRun', path: '/designruns/validate', ...validate }),
  createDesignRunV4: defineRoute({
    name: 'createDesignRunV4',
    base: '/api/v4',
    path: '/design/runs',
    ...create,
  }),
  validateDesignRunV4: defineRoute({
    name: 'validateDesignRunV4',
    base: '/api/v4',
    path: '/design/runs/validation',
    ...validate,
  }),
} as const;
