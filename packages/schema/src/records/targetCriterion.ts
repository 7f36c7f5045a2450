import { z } from 'zod';

export const comparisonOperators = ['eq', 'gt', 'gte', 'lt', 'lte', 'between', 'in-set'] as const;
export const ComparisonOperator = z.enum(comparisonOperators);
export type ComparisonOperator = z.infer<typeof ComparisonOperator>;

const Scalar = z.union([z.string().max(500), z.number(), z.boolean()]);

/** Both ends belong to the range. */
export const NumericRange = z
  .strictObject({ min: z.number(), max: z.number() })
  .refine(({ min, max }) => min <= max, 'must have a min that is not above max');
export type NumericRange = z.infer<typeof NumericRange>;

/** A wish for a value, as targets have it: an operator and a number, a text or a boolean to compare with. Bounds of `between` count as met, as do those of `gte`. */
export const TargetCriterion = z
  .discriminatedUnion('operator', [
    z.strictObject({ operator: z.literal('eq'), value: Scalar }),
    z.strictObject({ operator: z.enum(['gt', 'gte', 'lt', 'lte']), value: z.number() }),
    z.strictObject({ operator: z.literal('between'), value: NumericRange }),
    z.strictObject({ operator: z.literal('in-set'), value: z.array(Scalar).min(1).max(1000) }),
  ])
  .meta({ id: 'TargetCriterion' });
export type TargetCriterion = z.infer<typeof TargetCriterion>;

/** Whether a value meets a criterion. A missing value, and a text where a number is compared, meets none. */
export function meetsCriterion(
  { operator, value: wanted }: TargetCriterion,
  value: string | number | boolean | null,
): boolean {
  if (value === null) return false;
  switch (operator) {
    case 'eq':
      return isEqual(value, wanted);
    case 'in-set':
      return wanted.some((one) => isEqual(value, one));
    case 'between':
      return typeof value === 'number' && wanted.min <= value && value <= wanted.max;
    case 'gt':
      return typeof value === 'number' && value > wanted;
    case 'gte':
      return typeof value === 'number' && value >= wanted;
    case 'lt':
      return typeof value === 'number' && value < wanted;
    case 'lte':
      return typeof value === 'number' && value <= wanted;
  }
}

/** The client writes numbers as floats and names as texts; a grade `5` read from a table is the text "5". */
function isEqual(value: string | number | boolean, wanted: string | number | boolean): boolean {
  return value === wanted || String(value) === String(wanted);
}
