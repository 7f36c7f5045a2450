/**
 * Vitest set-up: `ATHANOR_ROUTINES=simd npm test` runs everything on that build of the numeric routines (relaxed-simd,
 * simd or reference) instead of the fastest of the machine.
 */
import { forceRoutineBuild } from '../packages/engine/src/linalg/routines.ts';

const build = process.env.ATHANOR_ROUTINES;
if (build === 'relaxed-simd' || build === 'simd' || build === 'reference') forceRoutineBuild(build);
else if (build !== undefined) throw new Error(`ATHANOR_ROUTINES is ${build}, not a build of the routines`);
