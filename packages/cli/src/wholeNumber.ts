import { InvalidArgumentError } from 'commander';

/** Reads a whole number of a command line, from `min` to `max`. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\s*\d+\s*$/.test(text) || number < min || number > max)
      throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
    return number;
  };
}

/** Reads a share of a command line, from 0 to 1. */
export function parseShare(text: string): number {
  const share = Number(text);
  if (text.trim() === '' || !(share >= 0 && share <= 1))
    throw new InvalidArgumentError('Give a number from 0 to 1.');
  return share;
}

/** Reads a seed: the same one gives the same result. */
export const parseSeed = wholeNumber(0, 4_294_967_295);
