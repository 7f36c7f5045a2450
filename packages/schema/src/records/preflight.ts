import { z } from 'zod';
import { DatasetId } from './identifier.ts';
import { BuildOptions } from './modelSession.ts';
import { Warning } from './warning.ts';

/** A build to look at before it is started. */
export const PreflightRequest = z.strictObject({
  datasetId: DatasetId,
  /** Columns to model; those whose role says so when left out. */
  target: z.array(z.string().min(1).max(500)).max(100).optional(),
  buildOptions: BuildOptions.optional(),
});
export type PreflightRequest = z.infer<typeof PreflightRequest>;

/** What a build would use, do and cost; nothing of it is done. */
export const Preflight = z
  .object({
    /** Columns that models would learn from. */
    inputs: z.array(z.string()),
    /** Columns that would take no part, each with the reason in words. */
    leftOut: z.array(z.object({ column: z.string(), reason: z.string() })),
    targets: z.array(
      z.object({
        target: z.string(),
        unit: z.string().nullable(),
        /** Rows that would be used. */
        rows: z.int(),
        /** Groups that folds keep together. */
        groups: z.int(),
        folds: z.int(),
        repeats: z.int(),
      }),
    ),
    models: z.array(
      z.object({
        name: z.string(),
        kind: z.string(),
        targets: z.array(z.string()),
        /** Fits on all rows and on folds, all targets together. */
        fits: z.int(),
        /** Of one processor, roughly. */
        processorSeconds: z.number(),
      }),
    ),
    /** Roughly how long the build would take on this machine when it is idle. */
    seconds: z.number(),
    /** Roughly how much memory all its processes would take together. */
    memoryBytes: z.number(),
    /** What looks wrong: with the table, its columns, the rows of the targets. */
    warnings: z.array(Warning),
  })
  .meta({ id: 'Preflight' });
export type Preflight = z.infer<typeof Preflight>;
