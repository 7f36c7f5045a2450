import { z } from 'zod';

/**
 * Something that was changed, dropped or guessed, or that a scientist should look at. Warnings are data in the
 * result they belong to; nothing is only logged.
 */
export const Warning = z
  .object({
    /** Stable, lower-case code, e.g. `possible_leak`, `excel_damage`, `id_like`. */
    code: z.string(),
    /** One sentence for a person, with the figures in it. */
    message: z.string(),
    /** Column the warning speaks of. */
    column: z.string().optional(),
    /** Up to five 1-based data rows as examples (the header is not counted). */
    rows: z.array(z.int()).max(5).optional(),
    /** How many cells, rows or columns it concerns. */
    count: z.int().optional(),
  })
  .meta({ id: 'Warning' });
export type Warning = z.infer<typeof Warning>;
