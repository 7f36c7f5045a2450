import { z } from 'zod';

/**
 * A whole number in a query, between `min` and `max`: plain decimal digits only, so that `0x10`, `1e3` and an empty
 * text are refused and not understood somehow.
 */
export function integerQuery(min: number, max: number, byDefault: number) {
  const error = `must be a whole number between ${min} and ${max}`;
  return z.preprocess(
    (value) => (typeof value === 'string' && /^[0-9]{1,15}$/.test(value) ? Number(value) : value),
    z.int({ error }).min(min, { error }).max(max, { error }).default(byDefault),
  );
}
