import type { Store } from '../../store/store.ts';
import { designComputations, type DesignReader } from './designComputations.ts';
import type { InsightComputations } from './insightComputation.ts';

/** The server's part of every category that can be computed; an insight of any other ends with an error that says so. */
export function insightComputations(store: Store, compute: DesignReader): InsightComputations {
  return { ...designComputations(store, compute) };
}
