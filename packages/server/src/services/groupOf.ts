/** Jobs of one build are cancelled together. */
export function groupOf(buildId: number): string {
  return `build:${buildId}`;
}
