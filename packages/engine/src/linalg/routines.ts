import { createRoutines, type RoutineBuild, type Routines } from '@athanor/wasm';

export type { RoutineBuild };

let forcedBuild: RoutineBuild | null = null;
let instance: Routines | null = null;

/**
 * The numeric routines of this process: one instance with one memory, made at first use in the fastest build the
 * machine supports. `routines().build` says which one; a session records it, because builds may differ in the last
 * digit. Whoever allocates in the arena gives it back before returning.
 */
export function routines(): Routines {
  instance ??= createRoutines(forcedBuild === null ? {} : { build: forcedBuild });
  return instance;
}

/**
 * Makes `routines` answer with one build from now on, to repeat a session to the byte or to test it; null for the
 * fastest. @throws RangeError at the next use when the machine cannot run the build.
 */
export function forceRoutineBuild(build: RoutineBuild | null): void {
  forcedBuild = build;
  instance = null;
}
