export { Arena, leadingDimension, type Matrix, type Pointer } from './arena.ts';
export type { Blas, Side, Transpose } from './blas.ts';
export { createRoutines, supportedBuilds, type RoutineOptions } from './createRoutines.ts';
export type { RoutineBuild } from './routineBuild.ts';
export type {
  BinnedForestArguments,
  CovarianceArguments,
  CovarianceGradientArguments,
  CrossCovarianceArguments,
  CrossPosteriorArguments,
  FixedTerm,
  Forest,
  ForestArguments,
  LinearTerm,
  PosteriorArguments,
  Routines,
  SquaredDistancesArguments,
  StationaryKernel,
  TanimotoArguments,
} from './routines.ts';
export type { LinearMemory } from './webAssembly.ts';
