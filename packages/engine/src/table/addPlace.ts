import type { ProblemLocation } from '@athanor/schema';
import { EngineError } from '../engineError.ts';

/** Runs `action`; a refusal that comes out of it also says `place`, unless it names a closer one itself. */
export function addPlace<T>(place: ProblemLocation, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw placed(place, error);
  }
}

/** The same for work that is not done at once. */
export async function addPlaceAsync<T>(place: ProblemLocation, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw placed(place, error);
  }
}

function placed(place: ProblemLocation, error: unknown): unknown {
  if (!(error instanceof EngineError)) return error;
  const { code, message, location, fix } = error;
  return new EngineError(code, message, { ...place, ...location }, fix);
}
