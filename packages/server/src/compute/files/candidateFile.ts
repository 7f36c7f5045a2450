import { candidatesToCsv, candidatesToTable } from '@athanor/engine';
import type { CandidateFormat, DesignPayload } from '@athanor/schema';
import { writeParquet } from './writeParquet.ts';
import { writeXlsx } from './writeXlsx.ts';

/** Types of the files, by format. */
const contentTypes: Readonly<Record<CandidateFormat, string>> = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
};

export interface CandidateFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

/** The candidates of a design as a file. */
export function candidateFile(payload: DesignPayload, format: CandidateFormat): CandidateFile {
  const contentType = contentTypes[format];
  switch (format) {
    case 'csv':
      return { bytes: new TextEncoder().encode(candidatesToCsv(payload)), contentType };
    case 'xlsx':
      return { bytes: writeXlsx(candidatesToTable(payload), 'Candidates'), contentType };
    case 'parquet':
      return { bytes: writeParquet(candidatesToTable(payload)), contentType };
  }
}
