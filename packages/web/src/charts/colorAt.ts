/** The colour at `share` in [0, 1] of a list of colours, `#rrggbb` or `rgb(r,g,b)`, mixed linearly. */
export function colorAt(colors: readonly string[], share: number): string {
  const place = Math.min(1, Math.max(0, share)) * (colors.length - 1);
  const index = Math.min(colors.length - 2, Math.floor(place));
  const [from, to] = [channels(colors[index]!), channels(colors[index + 1]!)];
  const part = place - index;
  return `rgb(${from.map((value, k) => Math.round(value + (to[k]! - value) * part)).join(',')})`;
}

function channels(color: string): number[] {
  if (color.startsWith('rgb')) return (color.match(/\d+/g) ?? []).map(Number);
  return [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));
}
