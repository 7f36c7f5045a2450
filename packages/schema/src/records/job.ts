import { z } from 'zod';
import { BuildState } from './buildState.ts';

export const jobStates = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const;
export const JobState = z.enum(jobStates);
export type JobState = z.infer<typeof JobState>;

/** What the server works on, worked on lately, or will: one build, one insight, one smart dataset. */
export const Job = z
  .object({
    /** Names the job in this list only, e.g. `build:12`. */
    id: z.string(),
    kind: z.enum(['build', 'insight', 'smartDataset']),
    /** The record that comes of it: a session, a model, an insight, a smart dataset. */
    subject: z.object({
      id: z.string(),
      kind: z.enum(['modelSession', 'model', 'insight', 'smartDataset']),
      name: z.string(),
    }),
    state: JobState,
    /** State of the record on the wire; absent for a smart dataset. */
    recordState: BuildState.optional(),
    /** What is being done right now; empty when nothing is. */
    stage: z.string(),
    /** Share that is done, between 0 and 1; null when that cannot be told. */
    progress: z.number().nullable(),
    /** Null until enough is done to say. */
    remainingSeconds: z.number().nullable(),
    /** Why it ended badly. */
    failure: z.object({ code: z.string(), message: z.string() }).nullable(),
    /** Who asked for it. */
    by: z.string(),
    byName: z.string(),
    queuedAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    endedAt: z.iso.datetime().nullable(),
    /** Path of the POST below `/api/v3` that cancels it, e.g. `/btmodel/MDS1/cancel`; null when it has ended or cannot be. */
    cancelPath: z.string().nullable(),
  })
  .meta({ id: 'Job' });
export type Job = z.infer<typeof Job>;
