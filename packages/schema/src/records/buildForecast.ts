import { z } from 'zod';
import { DatasetId } from './identifier.ts';
import { BuildOptions } from './modelSession.ts';
import { Warning } from './warning.ts';

/** What would be built: the fields of a session that decide it. */
export const BuildForecastRequest = z
  .strictObject({
    datasetId: DatasetId,
    target: z.array(z.string().min(1).max(500)).max(100).optional(),
    buildOptions: BuildOptions.optional(),
  })
  .meta({ id: 'BuildForecastRequest' });
export type BuildForecastRequest = z.infer<typeof BuildForecastRequest>;

/** What a build would do, told without doing it. */
export const BuildForecast = z
  .object({
    /** Names of the models. */
    models: z.array(z.string()),
    /** Columns they would learn from. */
    inputs: z.array(z.string()),
    targets: z.array(
      z.object({
        target: z.string(),
        /** Rows with a value of it. */
        rows: z.int(),
        groups: z.int(),
        folds: z.int(),
        repeats: z.int(),
      }),
    ),
    /** Single fits, cross-validation included. */
    fits: z.int(),
    /** A rough guess of the wall time with all processes of this server free. */
    seconds: z.number(),
    /** Memory that each process may take, megabytes. */
    memoryMb: z.int(),
    warnings: z.array(Warning),
  })
  .meta({ id: 'BuildForecast' });
export type BuildForecast = z.infer<typeof BuildForecast>;
