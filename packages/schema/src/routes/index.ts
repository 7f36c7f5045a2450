import { datasetRoutes } from './datasets.ts';
import { fileRoutes } from './files.ts';
import { loginRoutes } from './login.ts';
import { modelSessionRoutes } from './modelSessions.ts';
import { modelRoutes } from './models.ts';
import { serverRoutes } from './server.ts';
import { userRoutes } from './users.ts';

/** Every route of the server below `basePath`, by name. */
export const routes = {
  ...loginRoutes,
  ...userRoutes,
  ...fileRoutes,
  ...datasetRoutes,
  ...modelSessionRoutes,
  ...modelRoutes,
  ...serverRoutes,
} as const;

export type RouteName = keyof typeof routes;
