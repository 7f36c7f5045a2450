import { auditRoutes } from './audit.ts';
import { clientRoutes } from './clients.ts';
import { designRunRoutes } from './designRuns.ts';
import { insightRoutes } from './insights.ts';
import { jobRoutes } from './jobs.ts';
import { moleculeRoutes } from './molecules.ts';
import { projectRoutes } from './projects.ts';
import { smartDatasetRoutes } from './smartDatasets.ts';
import { targetRoutes } from './targets.ts';
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
  ...auditRoutes,
  ...clientRoutes,
  ...designRunRoutes,
  ...insightRoutes,
  ...jobRoutes,
  ...moleculeRoutes,
  ...projectRoutes,
  ...smartDatasetRoutes,
  ...targetRoutes,
  ...serverRoutes,
} as const;

export type RouteName = keyof typeof routes;
