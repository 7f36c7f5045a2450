import { z } from 'zod';

/**
 * Body of the searches that the public client sends as POST. It names every filter it knows with null; those that
 * Athanor has no meaning for are refused when they are used.
 */
export const SearchBody = z
  .object({
    text: z.string().max(500).nullish(),
    status: z
      .union([z.enum(['active', 'inactive']), z.array(z.enum(['active', 'inactive'])).max(2)])
      .nullish(),
    order: z.enum(['asc', 'desc']).nullish(),
    offset: z.int().min(0).nullish(),
    limit: z.int().min(1).max(1000).nullish(),
    /** Cursor of another paging; the reply names no next one, so the client goes on by offset. */
    searchAfter: z.array(z.unknown()).max(10).nullish(),
  })
  .catchall(z.null({ error: 'must be absent or null: this filter does not exist here' }));
export type SearchBody = z.infer<typeof SearchBody>;
