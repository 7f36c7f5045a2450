import { z } from 'zod';
import { DatasetReadOptions } from './dataset.ts';
import { FoldQuestion } from './modelSession.ts';
import { VariableOverride } from './variable.ts';
import { Warning } from './warning.ts';

/** One line of the story of a build. */
export const BuildLogLine = z
  .object({
    at: z.iso.datetime(),
    /** `read`, `drop`, `transform`, `plan`, `fit`, `combine`, `state`. */
    stage: z.string(),
    /** Error code such as `CANCELLED` when the line tells why a build ended. */
    code: z.string().optional(),
    message: z.string(),
  })
  .meta({ id: 'BuildLogLine' });
export type BuildLogLine = z.infer<typeof BuildLogLine>;

/** What was asked of a build, in full: with data, seed, group and question all that its models depend on. */
export const BuildRequestLog = z.object({
  fileName: z.string(),
  readOptions: DatasetReadOptions,
  overrides: z.array(VariableOverride),
  targets: z.array(z.string()),
  models: z.array(
    z.object({
      name: z.string(),
      kind: z.string(),
      /** Hyperparameters other than the default ones. */
      spec: z.record(z.string(), z.unknown()).nullable(),
      /** Targets it is built for; all when left out. */
      targets: z.array(z.string()).optional(),
    }),
  ),
  /** Columns to learn from; those whose role is input when left out. */
  inputs: z.array(z.string()).optional(),
  ignore: z.array(z.string()),
});
export type BuildRequestLog = z.infer<typeof BuildRequestLog>;

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
  question: FoldQuestion,
  request: BuildRequestLog,
  /** Seconds of one processor that the fits of a model for a target took. */
  timings: z.array(z.object({ model: z.string(), target: z.string(), fits: z.int(), seconds: z.number() })),
  /** SHA-256 of each model's artifact: a build repeated from this log gives the same. */
  artifacts: z.array(z.object({ model: z.string(), sha256: z.string() })),
  lines: z.array(BuildLogLine),
  warnings: z.array(Warning),
});
export type BuildLog = z.infer<typeof BuildLog>;
