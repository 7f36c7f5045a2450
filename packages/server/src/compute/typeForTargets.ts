import { type RawTable, type Table, typeTable } from '@athanor/engine';
import type { VariableOverride } from '@athanor/schema';
import { nameTargets } from './nameTargets.ts';

/** A table as somebody reads it who names targets. */
export function typeForTargets(
  raw: RawTable,
  overrides: readonly VariableOverride[],
  targets: readonly string[],
): Table {
  const guessed = typeTable(raw, overrides);
  const named = nameTargets(guessed.variables, targets);
  return named.length === 0 ? guessed : typeTable(raw, [...overrides, ...named]);
}
