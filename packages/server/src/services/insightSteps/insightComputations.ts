import type { Store } from '../../store/store.ts';
import { designComputations } from './designComputations.ts';
import type { InsightComputations } from './insightComputation.ts';

/** The server's part of every category that can be computed; an insight of any other ends with an error that says so. */
export function insightComputations(store: Store): InsightComputations {
  return { ...designComputations(store) };
}
