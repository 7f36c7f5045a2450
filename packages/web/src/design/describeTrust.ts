import type { Candidate } from '@athanor/schema';

type Judged = Pick<NonNullable<Candidate['applicability']>, 'reasons'> & {
  readonly class: 'inside' | 'edge' | 'outside' | 'unknown';
};

export interface Trust {
  readonly label: string;
  /** The label as a sentence, without its full stop. */
  readonly sentence: string;
  /** What a reader should make of the interval. */
  readonly meaning: string;
  readonly isDoubtful: boolean;
}

const trusts: Readonly<Record<Judged['class'], Trust>> = {
  inside: {
    label: 'amid the data',
    sentence: 'It lies amid the data',
    meaning: 'Rows like this were held out when the intervals were checked.',
    isDoubtful: false,
  },
  edge: {
    label: 'at the edge of the data',
    sentence: 'It lies at the edge of the data',
    meaning: 'Few rows like this were there to check the intervals on.',
    isDoubtful: false,
  },
  outside: {
    label: 'outside the data',
    sentence: 'It lies outside the data',
    meaning:
      'The interval rests on extrapolation: no row like this was there to check it on, so it may be too narrow.',
    isDoubtful: true,
  },
  unknown: {
    label: 'far or near counts little here',
    sentence: 'How far it lies from the others says little here',
    meaning: 'Rows far from the rest were predicted no worse.',
    isDoubtful: false,
  },
};

/** How far a prediction may be trusted, in words. */
export function describeTrust(judged: Judged | null): Trust | null {
  return judged === null ? null : trusts[judged.class];
}

/** Whether a mean lies beyond everything measured of its target: `above`, `below` or neither. */
export function beyondMeasured(
  mean: number,
  range: { readonly min: number; readonly max: number } | null | undefined,
): 'above' | 'below' | null {
  if (range === null || range === undefined) return null;
  return mean > range.max ? 'above' : mean < range.min ? 'below' : null;
}
