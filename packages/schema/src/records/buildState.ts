import { z } from 'zod';

/** The only five words that a state may ever be on the wire. A cancelled build is `Error` with code `CANCELLED` in its log. */
export const buildStates = [
  'Queued',
  'Building Models',
  'Generating Candidates',
  'Complete',
  'Error',
] as const;

export const BuildState = z.enum(buildStates);
export type BuildState = z.infer<typeof BuildState>;
