import { Arena } from './arena.ts';
import { checkedRoutines } from './checkedRoutines.ts';
import { referenceRoutines } from './referenceRoutines.ts';
import type { RoutineBuild } from './routineBuild.ts';
import type { Routines } from './routines.ts';

export interface RoutineOptions {
  /** Which build; the fastest this machine supports when left out. */
  readonly build?: RoutineBuild;
}

/** The builds this machine can run, the fastest first. */
export function supportedBuilds(): readonly RoutineBuild[] {
  return ['reference'];
}

/**
 * The routines with a memory of their own. Compiling costs milliseconds, so make one instance a process or worker.
 * @throws RangeError when this machine cannot run the build asked for.
 */
export function createRoutines(options: RoutineOptions = {}): Routines {
  const supported = supportedBuilds();
  const build = options.build ?? supported[0];
  if (!supported.includes(build)) {
    throw new RangeError(`This machine cannot run the ${build} build, only ${supported.join(', ')}`);
  }
  const arena = Arena.create();
  return checkedRoutines(build, arena, referenceRoutines(arena));
}
