import { z } from 'zod';
import { Warning } from './warning.ts';

/** One line of the story of a build. */
export const BuildLogLine = z
  .object({
    at: z.iso.datetime(),
    /** `plan`, `fit`, `combine`, `state`. */
    stage: z.string(),
    /** Error code such as `CANCELLED` when the line tells why a build ended. */
    code: z.string().optional(),
    message: z.string(),
  })
  .meta({ id: 'BuildLogLine' });
export type BuildLogLine = z.infer<typeof BuildLogLine>;

/** What `Registry.BuildLogs` holds for a session that Athanor built: enough to repeat it to the byte. */
export const BuildLog = z.object({
  version: z.string(),
  /** SHA-256 of the data file. */
  dataHash: z.string(),
  seed: z.int(),
  /** Which WebAssembly build did the arithmetic (`relaxed-simd`, `simd`); `simd` repeats to the byte on any machine. */
  arithmetic: z.string(),
  inputs: z.array(z.string()),
  group: z.string().nullable(),
  question: z.string(),
  lines: z.array(BuildLogLine),
  warnings: z.array(Warning),
});
export type BuildLog = z.infer<typeof BuildLog>;
