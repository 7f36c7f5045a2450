/**
 * The ways the routines exist:
 * `relaxed-simd`: fused multiply-add where the processor has it; the last digits may differ between processors.
 * `simd`: every operation rounded on its own; the same bytes on every machine.
 * `reference`: the plain TypeScript twins, for tests.
 */
export type RoutineBuild = 'relaxed-simd' | 'simd' | 'reference';
