import type { Services } from '../../services/services.ts';
import { JsonText, type RouteHandlers } from '../registerRoute.ts';

type InsightRoute = 'createInsight' | 'searchInsights' | 'getInsight' | 'patchInsight' | 'deleteInsight';

export function insightHandlers({ insights }: Services): RouteHandlers<InsightRoute> {
  return {
    createInsight: ({ caller, body }) => insights.create(caller, body),
    searchInsights: async ({ caller, query }) => new JsonText(await insights.search(caller, query)),
    getInsight: async ({ caller, params }) => new JsonText(await insights.get(caller, params.insightId)),
    patchInsight: ({ caller, params, body }) => insights.patch(caller, params.insightId, body),
    deleteInsight: ({ caller, params }) => insights.delete(caller, params.insightId),
  };
}
