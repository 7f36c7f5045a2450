/** A probability in whole per cent that never claims certainty: `93 %`, `> 99 %`, `< 1 %`; a dash where there is none. */
export function formatChance(probability: number | null | undefined): string {
  if (probability === null || probability === undefined) return '–';
  if (probability > 0.99) return '> 99 %';
  return probability < 0.01 ? '< 1 %' : `${Math.round(probability * 100)} %`;
}
