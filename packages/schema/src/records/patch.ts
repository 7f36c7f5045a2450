import { z } from 'zod';

/**
 * One change of a PATCH body. An `update` or `delete` may carry `oldValue`; when it no longer matches what is
 * stored, somebody else was faster and the answer is 409 (lost update).
 */
export const PatchDatum = z
  .strictObject({
    operation: z.enum(['add', 'update', 'delete']),
    attribute: z.string(),
    newValue: z.unknown().optional(),
    oldValue: z.unknown().optional(),
  })
  .meta({ id: 'PatchDatum' });
export type PatchDatum = z.infer<typeof PatchDatum>;

/** Body of every PATCH of the wire family; empty `data` succeeds and changes nothing. */
export const PatchBody = z.strictObject({ data: z.array(PatchDatum).max(100) }).meta({ id: 'PatchBody' });
export type PatchBody = z.infer<typeof PatchBody>;
