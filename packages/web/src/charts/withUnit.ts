/** `strength (MPa)`; the name alone when there is no unit. */
export function withUnit(name: string, unit: string | null | undefined): string {
  return unit === null || unit === undefined || unit === '' ? name : `${name} (${unit})`;
}
