import type { CellValue } from '@athanor/schema';

/** One axis of parallel coordinates: where each row lies on it, and what its ticks say. */
export interface ParallelAxis {
  readonly name: string;
  /** [n] height of each row from 0 at the bottom to 1 at the top; NaN without a value. */
  readonly places: Float32Array;
  /** Ends of a numeric axis; null for an axis of levels. */
  readonly range: { readonly lower: number; readonly upper: number } | null;
  /** From the bottom to the top; empty for numbers. */
  readonly levels: readonly string[];
}

/** What of one axis is kept, as heights between 0 and 1. */
export type Brush = readonly [low: number, high: number];

/** Reads the axes off rows `[n][axes]`: numbers between their ends, anything else as levels in order of appearance. */
export function parallelAxes(
  names: readonly string[],
  rows: readonly (readonly CellValue[])[],
): ParallelAxis[] {
  return names.map((name, j) => {
    const isNumeric = rows.every((row) => typeof (row[j] ?? 0) === 'number');
    const places = new Float32Array(rows.length).fill(Number.NaN);
    if (!isNumeric) {
      const order = new Map<string, number>();
      for (const row of rows) {
        const text = levelOf(row[j]);
        if (text !== null && !order.has(text)) order.set(text, order.size);
      }
      rows.forEach((row, i) => {
        const text = levelOf(row[j]);
        if (text !== null) places[i] = (order.get(text)! + 0.5) / order.size;
      });
      return { name, places, range: null, levels: [...order.keys()] };
    }
    let [lower, upper] = [Infinity, -Infinity];
    for (const row of rows) {
      const value = row[j];
      if (typeof value !== 'number') continue;
      lower = Math.min(lower, value);
      upper = Math.max(upper, value);
    }
    if (lower > upper) [lower, upper] = [0, 1];
    const span = upper - lower;
    rows.forEach((row, i) => {
      const value = row[j];
      if (typeof value === 'number') places[i] = span === 0 ? 0.5 : (value - lower) / span;
    });
    return { name, places, range: { lower, upper }, levels: [] };
  });
}

/** Which rows pass all brushes, a byte each; a row without a value on a brushed axis does not. */
export function keptRows(axes: readonly ParallelAxis[], brushes: ReadonlyMap<number, Brush>): Uint8Array {
  const kept = new Uint8Array(axes[0]?.places.length ?? 0).fill(1);
  // A hair of room, because heights are of single precision.
  const room = 1e-6;
  for (const [axis, [low, high]] of brushes) {
    const { places } = axes[axis]!;
    for (let i = 0; i < kept.length; i++) {
      if (!(places[i]! >= low - room && places[i]! <= high + room)) kept[i] = 0;
    }
  }
  return kept;
}

function levelOf(value: CellValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
