import { candidatesToCsv, candidatesToTable } from '@athanor/engine';
import { candidateContentTypes, type CandidateFormat, type DesignPayload } from '@athanor/schema';
import { writeParquet } from './writeParquet.ts';
import { writeXlsx } from './writeXlsx.ts';

export interface CandidateFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

/** The candidates of a design as a file. */
export function candidateFile(payload: DesignPayload, format: CandidateFormat): CandidateFile {
  const contentType = candidateContentTypes[format];
  switch (format) {
    case 'csv':
      return { bytes: new TextEncoder().encode(candidatesToCsv(payload)), contentType };
    case 'xlsx':
      return { bytes: writeXlsx(candidatesToTable(payload), 'Candidates'), contentType };
    case 'parquet':
      return { bytes: writeParquet(candidatesToTable(payload)), contentType };
  }
}
