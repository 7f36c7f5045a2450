import { z } from 'zod';
import { Criterion } from './criterion.ts';
import { InputRow } from './prediction.ts';

const key = z.string().min(1).max(500);
const keys = z.array(key).min(1).max(500);
/** A name for messages; the constraint's place is used without one. */
const name = z.string().min(1).max(200).optional();
const limits = { min: z.number().optional(), max: z.number().optional() };

/** Amounts add up: `{kind: 'total', value: 100}` for all of them, with `keys` for some. Holds to the last step. */
export const TotalConstraint = z.strictObject({
  kind: z.literal('total'),
  name,
  keys: keys.optional(),
  value: z.number(),
});

/**
 * A weighted sum of numeric variables: `{kind: 'linear', terms: [{key: 'a', coefficient: 2}, {key: 'b', coefficient:
 * -1}], operator: 'lte', value: 0}` is 2 a <= b. An equality may have a tolerance.
 */
export const LinearConstraint = z.strictObject({
  kind: z.literal('linear'),
  name,
  terms: z
    .array(z.strictObject({ key, coefficient: z.number() }))
    .min(1)
    .max(500),
  operator: z.enum(['lte', 'gte', 'eq']),
  value: z.number(),
  tolerance: z.number().min(0).optional(),
});

/** Sum over a class of ingredients: `{kind: 'classTotal', class: 'filler', min: 10, max: 30}`. */
export const ClassTotalConstraint = z.strictObject({
  kind: z.literal('classTotal'),
  name,
  class: z.string(),
  ...limits,
});

/**
 * One sum of amounts against another: `{kind: 'ratio', numerator: ['water'], denominator: ['cement', 'slag'], max:
 * 0.5}`. Read as numerator <= max * denominator, so that nothing over nothing is allowed.
 */
export const RatioConstraint = z.strictObject({
  kind: z.literal('ratio'),
  name,
  numerator: keys,
  denominator: keys,
  min: z.number().min(0).optional(),
  max: z.number().min(0).optional(),
});

/** An ingredient is left out or used for good: `{kind: 'minimumIfUsed', value: 0.5}`; with `keys` for some. */
export const MinimumIfUsedConstraint = z.strictObject({
  kind: z.literal('minimumIfUsed'),
  name,
  keys: keys.optional(),
  value: z.number().positive(),
});

/**
 * How many ingredients are used: `{kind: 'count', max: 8}` of all, `{kind: 'count', class: 'surfactant', min: 1, max:
 * 2}` of a class, or with `keys` of some.
 */
export const CountConstraint = z.strictObject({
  kind: z.literal('count'),
  name,
  keys: keys.optional(),
  class: z.string().optional(),
  min: z.int().min(0).optional(),
  max: z.int().min(0).optional(),
});

/** Something one variable may be: `{key: 'wax', used: true}` or `{key: 'solvent', is: {operator: 'eq' …}}`. */
export const Condition = z
  .union([z.strictObject({ key, used: z.boolean() }), z.strictObject({ key, is: Criterion })])
  .meta({ id: 'Condition' });
export type Condition = z.infer<typeof Condition>;

/**
 * If all of the first hold, so must all of the second: `{kind: 'ifThen', when: [{key: 'solvent', is: {operator: 'in-set',
 * value: ['water']}}], must: [{key: 'temperature_C', is: {operator: 'lte', value: 95}}]}`.
 */
export const IfThenConstraint = z.strictObject({
  kind: z.literal('ifThen'),
  name,
  when: z.array(Condition).min(1).max(20),
  must: z.array(Condition).min(1).max(20),
});

/** Never all at once: `{kind: 'forbidden', conditions: [{key: 'acid', used: true}, {key: 'base', used: true}]}`. */
export const ForbiddenConstraint = z.strictObject({
  kind: z.literal('forbidden'),
  name,
  conditions: z.array(Condition).min(1).max(20),
});

/** `{kind: 'fixed', key: 'water', value: 25}`: this variable has this value. */
export const FixedConstraint = z.strictObject({
  kind: z.literal('fixed'),
  name,
  key,
  value: z.union([z.number(), z.string()]),
});

/**
 * What a candidate may cost. `prices` are per unit of an amount, e.g. per kg; divided by `per`, the total, 100 by
 * default, they give the price of one unit of the mixture: `{kind: 'budget', prices: {resin: 4.2, filler: 0.3}, max: 2}`.
 * A category has a price a level, added whole: `levelPrices: {ligand: {XPhos: 12}}`. What is not listed costs nothing.
 */
export const BudgetConstraint = z.strictObject({
  kind: z.literal('budget'),
  name,
  prices: z.record(z.string(), z.number()),
  levelPrices: z.record(z.string(), z.record(z.string(), z.number())).optional(),
  per: z.number().positive().optional(),
  ...limits,
});

/** Not these rows again: `{kind: 'exclude', rows: [{a: 60, b: 40}]}`; cells not named are free. */
export const ExcludeConstraint = z.strictObject({
  kind: z.literal('exclude'),
  name,
  rows: z.array(InputRow).max(100_000),
});

/** One thing that must hold of every candidate, exactly, after rounding to the steps. */
export const Constraint = z
  .discriminatedUnion('kind', [
    TotalConstraint,
    LinearConstraint,
    ClassTotalConstraint,
    RatioConstraint,
    MinimumIfUsedConstraint,
    CountConstraint,
    IfThenConstraint,
    ForbiddenConstraint,
    FixedConstraint,
    BudgetConstraint,
    ExcludeConstraint,
  ])
  .meta({ id: 'Constraint' });
export type Constraint = z.infer<typeof Constraint>;
export type ConstraintKind = Constraint['kind'];
