import { z } from 'zod';
import { BuildState } from './buildState.ts';
import { BuildLogLine } from './buildLog.ts';

/** How far a build is. Lives in memory only: it is exact while the server runs and starts anew after a restart. */
export const BuildProgress = z
  .object({
    state: BuildState,
    /** What is being done right now, e.g. `Gaussian process for strength, fold 3 of 10`. */
    stage: z.string(),
    modelsDone: z.int(),
    modelsTotal: z.int(),
    /** Between 0 and 1. */
    fraction: z.number(),
    /** Share that is done of the work for each target, in the order they were asked for; empty until it is planned. */
    targets: z.array(z.object({ target: z.string(), fraction: z.number() })),
    elapsedSeconds: z.number(),
    /** Null until enough work is done to say. */
    remainingSeconds: z.number().nullable(),
  })
  .meta({ id: 'BuildProgress' });
export type BuildProgress = z.infer<typeof BuildProgress>;

/** What `/btmodel/{MDS}/events` streams as server-sent events: the event's name is `type`, its data this object. */
export const BuildEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), progress: BuildProgress }),
  z.object({ type: z.literal('log'), line: BuildLogLine }),
  /** The last event: the build ended, the session can be read. */
  z.object({ type: z.literal('end'), state: BuildState }),
]);
export type BuildEvent = z.infer<typeof BuildEvent>;
