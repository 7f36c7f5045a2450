import {
  type DesignPayload,
  DesignSettings,
  type InputRow,
  type Insight,
  type SearchSpace,
} from '@athanor/schema';

interface FollowUpChange {
  readonly name: string;
  readonly space: SearchSpace;
  /** Experiments under way, besides those of the first request. */
  readonly pending: readonly InputRow[];
  readonly count: number;
}

/** The request for further experiments after those of an insight: as it was asked, but for the change. */
export function followUp(insight: Insight, payload: DesignPayload, change: FollowUpChange) {
  const { category, datasetId, modelSessionId, modelId, smartDatasetId, parentId } = insight;
  const asked = DesignSettings.safeParse(insight.Registry?.Settings ?? {});
  const settings: DesignSettings = asked.success ? asked.data : {};
  const pending = [...(settings.pending ?? []), ...change.pending];
  const { objectives, mode } = payload;
  return {
    name: change.name,
    // A narrowed space is somebody's own.
    category: category === 'Smart DOE' || category === 'Generate' ? category : ('Custom Optimizer' as const),
    state: 'Queued' as const,
    datasetId,
    modelSessionId,
    modelId,
    smartDatasetId,
    parentId,
    Registry: {
      Settings: {
        ...settings,
        ...(objectives.length === 0 ? {} : { objectives }),
        ...(mode === null ? {} : { mode }),
        ...(pending.length === 0 ? {} : { pending }),
        space: change.space,
        numCandidatesSelected: change.count,
      } as Record<string, unknown>,
    },
    Metadata: { follows: insight.albertId },
  };
}
