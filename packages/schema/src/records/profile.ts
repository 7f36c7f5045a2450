import { z } from 'zod';
import { Variable } from './variable.ts';
import { Warning } from './warning.ts';

/** How the bytes of a file were understood; shown so that a wrong guess is seen at once. */
export const TableFormat = z
  .object({
    kind: z.enum(['csv', 'xlsx', 'parquet']),
    encoding: z.string().nullable(),
    delimiter: z.string().nullable(),
    decimalMark: z.enum(['.', ',']).nullable(),
    sheet: z.string().nullable(),
    /** 1-based line or row of the file that was taken as the header. */
    headerRow: z.int().nullable(),
  })
  .meta({ id: 'TableFormat' });
export type TableFormat = z.infer<typeof TableFormat>;

/** A histogram bin of a numeric column. */
const Bin = z.object({ lower: z.number(), upper: z.number(), count: z.int() });

export const ColumnProfile = z
  .object({
    key: z.string(),
    mean: z.number().nullable(),
    standardDeviation: z.number().nullable(),
    quartiles: z.tuple([z.number(), z.number(), z.number()]).nullable(),
    histogram: z.array(Bin),
    /** Most frequent values of a text column. */
    frequent: z.array(z.object({ value: z.string(), count: z.int() })),
  })
  .meta({ id: 'ColumnProfile' });
export type ColumnProfile = z.infer<typeof ColumnProfile>;

/** What a dataset's table looks like, and everything about it that deserves a look. */
export const DatasetProfile = z
  .object({
    format: TableFormat,
    rowCount: z.int(),
    columnCount: z.int(),
    variables: z.array(Variable),
    columns: z.array(ColumnProfile),
    /** Rows that repeat an earlier row in every cell. */
    duplicateRowCount: z.int(),
    /** Rows that share all inputs with another row. */
    replicateRowCount: z.int(),
    warnings: z.array(Warning),
  })
  .meta({ id: 'DatasetProfile' });
export type DatasetProfile = z.infer<typeof DatasetProfile>;
