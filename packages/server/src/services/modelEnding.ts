import type { BuildState } from '@athanor/schema';
import { fromJson, toJson } from '../store/json.ts';
import type { BuildRow } from '../store/repositories/builds.ts';
import type { ModelRow } from '../store/repositories/models.ts';
import { toIso } from './clock.ts';
import { formatSeconds } from './formatSeconds.ts';

/** Start, end and duration of a model whose build ends now. */
export function modelEnding(
  model: ModelRow,
  build: BuildRow,
  now: number,
): Pick<ModelRow, 'startTime' | 'endTime' | 'totalTime'> {
  const startTime = model.startTime ?? build.startedAt ?? build.createdAt;
  return { startTime, endTime: toIso(now), totalTime: formatSeconds(secondsBetween(startTime, now)) };
}

/** A user's Metadata with what the build found beside it, as stored. */
export function withResults(model: ModelRow, results: object): string {
  return toJson({ ...fromJson<object>(model.metadata), ...results });
}

/** One word for several models: what still runs goes before what has ended, success before failure. */
export function stateOfModels(models: readonly ModelRow[]): BuildState {
  const states = new Set(models.map((model) => model.state));
  for (const state of ['Building Models', 'Generating Candidates', 'Queued', 'Complete', 'Error'] as const) {
    if (states.has(state)) return state;
  }
  return 'Error';
}

export function secondsBetween(start: string, now: number): number {
  return (now - Date.parse(start)) / 1000;
}
