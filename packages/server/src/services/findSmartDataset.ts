import { smartDatasets } from '../store/repositories/smartDatasets.ts';
import { recordFinder } from './recordFinder.ts';

/** @throws ProblemError RECORD_NOT_FOUND. */
export const findSmartDataset = recordFinder('smartDataset', smartDatasets.find, 'path/smartDatasetId');
