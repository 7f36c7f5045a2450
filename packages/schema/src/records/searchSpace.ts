import { z } from 'zod';
import { InputRow } from './prediction.ts';
import { Constraint } from './constraint.ts';

const key = z.string().min(1).max(500);

/**
 * A quantity of an ingredient, weighed in whole steps from zero: `{kind: 'amount', key: 'resin', lower: 0, upper: 40,
 * step: 0.5, classes: ['polymer']}` takes 0, 0.5, 1 … 40. Zero means that the ingredient is not used.
 */
export const AmountVariable = z.strictObject({
  kind: z.literal('amount'),
  key,
  lower: z.number().min(0),
  upper: z.number().min(0),
  step: z.number().positive(),
  /** Groups of ingredients that constraints speak of, e.g. `polymer`, `filler`. */
  classes: z.array(z.string()).max(50).optional(),
});
export type AmountVariable = z.infer<typeof AmountVariable>;

/**
 * A setting of the process. With a step it takes lower, lower + step …; without one it is continuous and candidates
 * are given to about five digits: `{kind: 'parameter', key: 'temperature_C', lower: 60, upper: 120, step: 5}`.
 */
export const ParameterVariable = z.strictObject({
  kind: z.literal('parameter'),
  key,
  lower: z.number(),
  upper: z.number(),
  step: z.number().positive().optional(),
});
export type ParameterVariable = z.infer<typeof ParameterVariable>;

/** A setting that takes some numbers only: `{kind: 'discrete', key: 'mesh', values: [80, 120, 200]}`. */
export const DiscreteVariable = z.strictObject({
  kind: z.literal('discrete'),
  key,
  values: z.array(z.number()).min(1).max(10_000),
});
export type DiscreteVariable = z.infer<typeof DiscreteVariable>;

/**
 * A choice without order: `{kind: 'category', key: 'solvent', levels: ['water', 'ethanol']}`. Molecules from a list are
 * a category whose levels are their SMILES.
 */
export const CategoryVariable = z.strictObject({
  kind: z.literal('category'),
  key,
  levels: z.array(z.string()).min(1).max(10_000),
});
export type CategoryVariable = z.infer<typeof CategoryVariable>;

export const SpaceVariable = z
  .discriminatedUnion('kind', [AmountVariable, ParameterVariable, DiscreteVariable, CategoryVariable])
  .meta({ id: 'SpaceVariable' });
export type SpaceVariable = z.infer<typeof SpaceVariable>;

/**
 * Everything that may be made: what each input may be, and what must hold between them. With `candidates`, only the
 * rows of that list may be proposed, as far as they obey the rest; they name every variable.
 */
export const SearchSpace = z
  .strictObject({
    variables: z.array(SpaceVariable).min(1).max(500),
    constraints: z.array(Constraint).max(500),
    candidates: z.array(InputRow).min(1).max(100_000).optional(),
  })
  .meta({ id: 'SearchSpace' });
export type SearchSpace = z.infer<typeof SearchSpace>;
