import type { Routines } from './routines.ts';

/** The routines of one build before their arguments are checked; see `checkedRoutines`. */
export type UncheckedRoutines = Omit<Routines, 'build' | 'arena'>;
