import type { TypedCells } from '../cells/cellContext.ts';
import { hasFormula, isElementName } from './elements.ts';
import type { HeaderParts } from './parseHeader.ts';
import type { Unit } from './parseUnit.ts';
import { lookUpMeaning, namesIngredient, type Meaning } from './lookUpMeaning.ts';

/** All that is known of a column before its role is judged. */
export interface ColumnFacts {
  readonly key: string;
  /** Words of the header without its unit. */
  readonly words: readonly string[];
  readonly unit: Unit | null;
  readonly meaning: Meaning | null;
  /** Some word of the header is a material, whatever the header as a whole means. */
  readonly namesIngredient: boolean;
  /** The header is a chemical element. */
  readonly isElement: boolean;
  /** The header contains the formula of a compound. */
  readonly hasFormula: boolean;
  readonly typed: TypedCells;
  /** Numbers of a numeric column, NaN where missing [n]; null for text. */
  readonly values: Float64Array | null;
  readonly presentCount: number;
  readonly missingCount: number;
  /** Different values among the present ones. */
  readonly distinctCount: number;
  readonly range: { readonly min: number; readonly max: number } | null;
  readonly isInteger: boolean;
  /** Some cells give only a bound, such as <0.1: an instrument says that, nobody weighs it in. */
  readonly hasBounds: boolean;
}

/** Gathers the facts of one column in one pass over its cells. */
export function gatherFacts(typed: TypedCells, header: HeaderParts, unit: Unit | null): ColumnFacts {
  const { column } = typed;
  const name = header.name.trim();
  const common = {
    key: column.key,
    words: header.words,
    unit,
    meaning: lookUpMeaning(header.words),
    namesIngredient: namesIngredient(header.words),
    isElement: isElementName(name),
    hasFormula: hasFormula(name),
    hasBounds: typed.warnings.some(({ code }) => code === 'censored_values'),
    typed,
  };
  if (column.kind !== 'numeric') {
    let presentCount = 0;
    for (const code of column.codes) if (code >= 0) presentCount++;
    return {
      ...common,
      values: null,
      presentCount,
      missingCount: column.codes.length - presentCount,
      distinctCount: column.levels.length,
      range: null,
      isInteger: false,
    };
  }
  const { values } = column;
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const presentCount = sorted.length;
  let distinctCount = 0;
  let isInteger = presentCount > 0;
  for (let i = 0; i < presentCount; i++) {
    const value = sorted[i]!;
    if (i === 0 || value !== sorted[i - 1]) distinctCount++;
    if (isInteger && !Number.isInteger(value)) isInteger = false;
  }
  return {
    ...common,
    values,
    presentCount,
    missingCount: values.length - presentCount,
    distinctCount,
    range: presentCount === 0 ? null : { min: sorted[0]!, max: sorted[presentCount - 1]! },
    isInteger,
  };
}
