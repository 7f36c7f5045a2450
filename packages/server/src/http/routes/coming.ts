import { ProblemError } from '@athanor/schema';
import type { RouteHandlers } from '../registerRoute.ts';

type ComingRoute =
  | 'addRows'
  | 'listDatasetVersions'
  | 'cancelInsight'
  | 'getInsightOutcome'
  | 'downloadCandidates'
  | 'drawMolecule'
  | 'getSessionSpace'
  | 'checkSessionSpace'
  | 'listJobs';

/** Routes that are agreed and not built yet. */
export function comingHandlers(): RouteHandlers<ComingRoute> {
  const refuse = async (): Promise<never> => {
    throw ProblemError.of('ROUTE_NOT_FOUND', 'This route is agreed and not built yet.');
  };
  return {
    addRows: refuse,
    listDatasetVersions: refuse,
    cancelInsight: refuse,
    getInsightOutcome: refuse,
    downloadCandidates: refuse,
    drawMolecule: refuse,
    getSessionSpace: refuse,
    checkSessionSpace: refuse,
    listJobs: refuse,
  };
}
