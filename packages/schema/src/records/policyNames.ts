import type { DesignMode } from './objective.ts';

/** Ways of choosing experiments in words that people read: on the page, in logs and on the command line. */
export const policyNames: Readonly<Record<DesignMode | 'random', string>> = {
  exploit: 'Surely good',
  balanced: 'Balanced',
  explore: 'Daring',
  thompson: 'Spread bets',
  random: 'At random',
};
