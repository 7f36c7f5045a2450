import type { InputRow } from '@athanor/schema';
import type { ExploreSpace } from './exploreSpace.ts';

/** A number this much of the range beyond it still counts as tried. */
const margin = 0.02;

/** Whether every number of a row lies in the range that the table has of it. */
export function isTried(space: ExploreSpace, row: InputRow): boolean {
  return space.inputs.every(({ variable: { key, range } }) => {
    const value = row[key];
    if (range === null || typeof value !== 'number') return true;
    const room = (range.max - range.min) * margin;
    return value >= range.min - room && value <= range.max + room;
  });
}
