import { z } from 'zod';

/** What a value must be, in the words of the wire contract. */
export const Criterion = z
  .discriminatedUnion('operator', [
    z.strictObject({ operator: z.enum(['eq', 'gt', 'gte', 'lt', 'lte']), value: z.number() }),
    z.strictObject({
      operator: z.literal('between'),
      /** Both ends included. */
      value: z.strictObject({ min: z.number(), max: z.number() }),
    }),
    z.strictObject({
      operator: z.literal('in-set'),
      value: z
        .array(z.union([z.number(), z.string()]))
        .min(1)
        .max(1000),
    }),
  ])
  .meta({ id: 'Criterion' });
export type Criterion = z.infer<typeof Criterion>;
