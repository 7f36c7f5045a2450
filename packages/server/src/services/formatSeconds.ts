/** A duration as records tell it, e.g. `23.4 s`. */
export function formatSeconds(seconds: number): string {
  return `${Math.max(0, seconds).toFixed(1)} s`;
}
