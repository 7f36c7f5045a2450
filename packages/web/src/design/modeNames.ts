import type { DesignMode } from '@athanor/schema';

/** How daring proposals are, in the words of the page. */
export const modeNames: Record<DesignMode, string> = {
  exploit: 'Surely good',
  balanced: 'Balanced',
  explore: 'Daring',
  thompson: 'Spread bets',
};
