import type { ModelSession, SessionMetrics } from '@athanor/schema';

export function ExplorePanel(_: {
  session: ModelSession;
  metrics: SessionMetrics;
  inputs: readonly string[];
}) {
  return null;
}
