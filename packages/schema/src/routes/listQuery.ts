import { z } from 'zod';

/** Most values of one key in a query; the public client sends 300 ids at a time. */
const maxValues = 1000;

/** A key that may come several times in a query: one value or many, absent means none. */
export function listQuery<Item extends z.ZodType>(item: Item) {
  return z.preprocess(
    (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]),
    z.array(item).max(maxValues),
  );
}
