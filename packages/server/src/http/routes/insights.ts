import type { Services } from '../../services/services.ts';
import { sendFile } from '../sendFile.ts';
import { JsonText, type RouteHandlers } from '../registerRoute.ts';

type InsightRoute =
  | 'createInsight'
  | 'searchInsights'
  | 'getInsight'
  | 'patchInsight'
  | 'deleteInsight'
  | 'cancelInsight'
  | 'downloadCandidates'
  | 'getInsightOutcome';

export function insightHandlers({
  insights,
  candidateFiles,
  insightOutcomes,
}: Services): RouteHandlers<InsightRoute> {
  return {
    createInsight: ({ caller, body }) => insights.create(caller, body),
    searchInsights: async ({ caller, query }) => new JsonText(await insights.search(caller, query)),
    getInsight: async ({ caller, params }) => new JsonText(await insights.get(caller, params.insightId)),
    patchInsight: ({ caller, params, body }) => insights.patch(caller, params.insightId, body),
    cancelInsight: ({ caller, params }) => insights.cancel(caller, params.insightId),
    downloadCandidates: async ({ caller, params, query, reply }) => {
      const ranks = query.ranks?.split(',').map(Number) ?? null;
      return sendFile(reply, await candidateFiles.write(caller, params.insightId, query.format, ranks));
    },
    getInsightOutcome: ({ caller, params }) => insightOutcomes.read(caller, params.insightId),
    deleteInsight: ({ caller, params }) => insights.delete(caller, params.insightId),
  };
}
