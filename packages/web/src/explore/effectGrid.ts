import type { CellValue, InputRow } from '@athanor/schema';
import { type ExploreSpace, moveInput } from './exploreSpace.ts';

/** Rows along one input with all else as it is; amounts that add up make room along the Cox direction. */
export interface EffectGrid {
  readonly key: string;
  readonly values: readonly CellValue[];
  readonly rows: readonly InputRow[];
}

const steps = 25;
/** Categories beyond these are not drawn. */
const maxLevels = 12;

export function effectGrids(space: ExploreSpace, row: InputRow): EffectGrid[] {
  return space.inputs.flatMap(({ variable: { key, dataType }, range, levels }): EffectGrid[] => {
    // One structure after another is no line to look along.
    if (dataType === 'molecular') return [];
    if (range === null) {
      const values: CellValue[] = dataType === 'boolean' ? [true, false] : levels.slice(0, maxLevels);
      return [{ key, values, rows: values.map((value) => ({ ...row, [key]: value })) }];
    }
    if (range.upper === range.lower) return [];
    const values = Array.from(
      { length: steps },
      (_, i) => range.lower + ((range.upper - range.lower) * i) / (steps - 1),
    );
    return [
      { key, values, rows: values.map((value) => moveInput(space, row, key, value, undefined, false)) },
    ];
  });
}
