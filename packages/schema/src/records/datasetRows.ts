import { z } from 'zod';
import { Dataset } from './dataset.ts';
import { InsightId, ModelSessionId, DatasetId } from './identifier.ts';
import { InputRow } from './prediction.ts';
import { AuditStamp } from './recordAudit.ts';
import { Warning } from './warning.ts';

/** Most rows that are added at once. */
export const maxAddedRows = 10_000;

/**
 * Measured results to add to a dataset: `{rows: [{resin: 62.5, chalk: 37.5, strength: 43.8}]}`. Columns that a row does not
 * name are left empty in it.
 */
export const DatasetRowsAdd = z
  .strictObject({
    rows: z.array(InputRow).min(1).max(maxAddedRows),
    /**
     * Whether the sessions of the dataset are built anew on all rows, those of a user's own models with the same choices;
     * the old ones stay as they are. Default false.
     */
    rebuild: z.boolean().optional(),
    /** The insight that proposed these experiments. */
    insightId: InsightId.optional(),
    /**
     * Which candidate of the insight each row measured, by rank and in the order of `rows`; null for a row that was not
     * proposed. Without it, rows are matched by their inputs.
     */
    ranks: z.array(z.int().min(1).nullable()).max(maxAddedRows).optional(),
  })
  .meta({ id: 'DatasetRowsAdd' });
export type DatasetRowsAdd = z.infer<typeof DatasetRowsAdd>;

/** What became of added rows. */
export const DatasetRowsAdded = z
  .object({
    /** With its new data. */
    dataset: Dataset,
    rowsAdded: z.int(),
    /** Row of the table, from 1 on, that the first of them is now. */
    firstRow: z.int(),
    /** What was changed or guessed, and what deserves a look: repeated rows, values far beyond those seen, new levels. */
    warnings: z.array(Warning),
    /** New sessions that are being built on all rows, each with the one it follows. */
    sessions: z.array(z.object({ sessionId: ModelSessionId, parentSessionId: ModelSessionId })),
  })
  .meta({ id: 'DatasetRowsAdded' });
export type DatasetRowsAdded = z.infer<typeof DatasetRowsAdded>;

/** The data of a dataset as it was at one time. */
export const DatasetVersion = z
  .object({
    datasetId: DatasetId,
    /** 1, 2, …; the highest is the present one. */
    version: z.int(),
    /** Name of the data file in the file store, namespace `breakthrough`. */
    key: z.string(),
    /** `versionId` of that file, by which `/files/sign` gives these very bytes. */
    versionId: z.string().optional(),
    /** SHA-256 of the data file, hexadecimal. */
    dataHash: z.string(),
    rowCount: z.int(),
    columnCount: z.int(),
    /** Rows that were added to the version before, at its end; null for a file that was put in whole. */
    rowsAdded: z.int().nullable(),
    /** The insight that proposed the added rows. */
    insightId: InsightId.optional(),
    Created: AuditStamp,
  })
  .meta({ id: 'DatasetVersion' });
export type DatasetVersion = z.infer<typeof DatasetVersion>;
