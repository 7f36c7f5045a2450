import { EngineError } from '@athanor/engine';

/**
 * Runs `work` and renames the fields in its refusals: the engine speaks of its own arguments, the sender knows the
 * request.
 * @param names Start of an engine's field to what stands for it in the request, the first that fits
 */
export function relocate<T>(names: Readonly<Record<string, string>>, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof EngineError) || error.location.field === undefined) throw error;
    const { field } = error.location;
    const start = Object.keys(names).find((name) => field === name || field.startsWith(`${name}/`));
    if (start === undefined) throw error;
    const location = { ...error.location, field: names[start]! + field.slice(start.length) };
    throw new EngineError(error.code, error.message, location, error.fix);
  }
}
