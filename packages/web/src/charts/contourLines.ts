/**
 * Lines of equal value over a grid by marching squares, ends interpolated linearly; cells with a missing corner are
 * left out.
 *
 * @param field values [rows][columns], null where there is none
 * @returns segments in grid coordinates, x along columns
 */
export function contourLines(
  field: readonly (readonly (number | null)[])[],
  level: number,
): readonly (readonly [x1: number, y1: number, x2: number, y2: number])[] {
  const segments: [number, number, number, number][] = [];
  for (let i = 0; i + 1 < field.length; i++) {
    for (let j = 0; j + 1 < field[i]!.length; j++) {
      const corners = [field[i]![j]!, field[i]![j + 1]!, field[i + 1]![j + 1]!, field[i + 1]![j]!];
      if (corners.some((value) => value === null)) continue;
      const crossings: [number, number][] = [];
      for (let side = 0; side < 4; side++) {
        const [a, b] = [corners[side]!, corners[(side + 1) % 4]!];
        if (a < level === b < level) continue;
        const share = (level - a) / (b - a);
        const [x1, y1] = cornerPlaces[side]!;
        const [x2, y2] = cornerPlaces[(side + 1) % 4]!;
        crossings.push([j + x1 + (x2 - x1) * share, i + y1 + (y2 - y1) * share]);
      }
      // Two crossings are a line; four are a saddle, whose middle says which of them belong together.
      if (crossings.length === 2) segments.push([...crossings[0]!, ...crossings[1]!]);
      else if (crossings.length === 4) {
        const middle = corners.reduce((sum, value) => sum + value / 4, 0);
        const isJoined = middle < level === corners[0]! < level;
        const order = isJoined ? [0, 1, 2, 3] : [3, 0, 1, 2];
        segments.push([...crossings[order[0]!]!, ...crossings[order[1]!]!]);
        segments.push([...crossings[order[2]!]!, ...crossings[order[3]!]!]);
      }
    }
  }
  return segments;
}

/** Corners of a cell, clockwise from the first. */
const cornerPlaces: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];
