/** Round numbers strictly between two ends, about `count` of them: steps of 1, 2 or 5 times a power of ten. */
export function niceLevels(low: number, high: number, count = 6): number[] {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return [];
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= raw * 0.999)!;
  const levels: number[] = [];
  for (let k = Math.floor(low / step) + 1; k * step < high; k++) levels.push(k * step);
  return levels;
}
