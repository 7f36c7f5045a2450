import { relaxedSimd } from '../build/relaxedSimd.ts';
import { simd } from '../build/simd.ts';
import { Arena } from './arena.ts';
import type { Blas } from './blas.ts';
import { checkedRoutines } from './checkedRoutines.ts';
import { decodeBase64 } from './decodeBase64.ts';
import { referenceRoutines } from './referenceRoutines.ts';
import type { RoutineBuild } from './routineBuild.ts';
import type { Routines } from './routines.ts';
import type { WasmExports } from './wasmExports.ts';
import { wasmRoutines } from './wasmRoutines.ts';
import { webAssembly } from './webAssembly.ts';

export interface RoutineOptions {
  /** Which build; the fastest this machine supports when left out. */
  readonly build?: RoutineBuild;
  /**
   * Replaces the five dense routines, also where other routines use them: gets ours and the memory they work on, and
   * returns those to use instead.
   */
  readonly replaceBlas?: (blas: Blas, arena: Arena) => Blas;
}

const modules: Record<Exclude<RoutineBuild, 'reference'>, string> = { 'relaxed-simd': relaxedSimd, simd };

/** Pages the modules ask for at the start: constants and packing buffers, 1.4 MB. */
const initialPages = 32;

let supported: readonly RoutineBuild[] | null = null;

/** The builds this machine can run, the fastest first; `reference` always is one of them. */
export function supportedBuilds(): readonly RoutineBuild[] {
  supported ??= [
    ...(['relaxed-simd', 'simd'] as const).filter((build) =>
      webAssembly.validate(decodeBase64(modules[build])),
    ),
    'reference',
  ];
  return supported;
}

/**
 * The routines with a memory of their own. Compiling costs milliseconds, so make one instance a process or worker.
 * @throws RangeError when this machine cannot run the build asked for.
 */
export function createRoutines(options: RoutineOptions = {}): Routines {
  const builds = supportedBuilds();
  const build = options.build ?? builds[0];
  if (!builds.includes(build)) {
    throw new RangeError(`This machine cannot run the ${build} build, only ${builds.join(', ')}`);
  }
  const replaceBlas = options.replaceBlas ?? ((blas: Blas) => blas);
  if (build === 'reference') {
    const arena = Arena.create();
    const routines = referenceRoutines(arena);
    return checkedRoutines(build, arena, { ...routines, blas: replaceBlas(routines.blas, arena) });
  }
  const memory = new webAssembly.Memory({ initial: initialPages, maximum: Arena.maxPages });
  const module = new webAssembly.Module(decodeBase64(modules[build]));
  const wasm = new webAssembly.Instance(module, { env: { memory } }).exports as WasmExports;
  const arena = new Arena(memory, wasm.heapBase());
  return checkedRoutines(build, arena, wasmRoutines(arena, wasm, replaceBlas));
}
