export { Arena, leadingDimension, type Matrix, type Pointer } from './arena.ts';
export type { Blas, Side, Transpose } from './blas.ts';
export { createRoutines, supportedBuilds, type RoutineOptions } from './createRoutines.ts';
export type {
  BinnedInputs,
  ExactTreeArguments,
  ExtraTreeArguments,
  FindHistogramSplitArguments,
  HistogramArguments,
  HistogramSplit,
  PartBinnedRowsArguments,
} from './growTreeArguments.ts';
export type { RoutineBuild } from './routineBuild.ts';
export {
  invertedFactorBytes,
  type BinnedForestArguments,
  type CovarianceArguments,
  type CovarianceGradientArguments,
  type CrossCovarianceArguments,
  type CrossPosteriorArguments,
  type FixedTerm,
  type Forest,
  type ForestArguments,
  type InvertFactorArguments,
  type LinearTerm,
  type PosteriorArguments,
  type Routines,
  type SquaredDistancesArguments,
  type StationaryKernel,
} from './routines.ts';
export type { LinearMemory } from './webAssembly.ts';
