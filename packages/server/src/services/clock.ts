/** Milliseconds since 1970, as `Date.now`; an argument so that tests can turn it. */
export type Clock = () => number;

/** The instant as records keep it. */
export function toIso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
