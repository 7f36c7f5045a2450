import { EngineError, forceRoutineBuild, type RoutineBuild, routines } from '@athanor/engine';

let current: RoutineBuild | null = null;

/**
 * Makes this process do its arithmetic with one WebAssembly build, or with the fastest one.
 * @throws EngineError ARITHMETIC_UNAVAILABLE
 */
export function useArithmetic(build: RoutineBuild | undefined): void {
  const wanted = build ?? null;
  if (wanted === current) return;
  forceRoutineBuild(wanted);
  current = wanted;
  try {
    routines();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new EngineError('ARITHMETIC_UNAVAILABLE', `this machine cannot run ${wanted}: ${error.message}`);
  }
}
