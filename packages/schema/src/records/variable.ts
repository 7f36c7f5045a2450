import { z } from 'zod';
import { Warning } from './warning.ts';

/** What a column means to the chemist, in the words of the wire contract. */
export const variableTypes = ['material_amount', 'parameter', 'molecule', 'property'] as const;
export const VariableType = z.enum(variableTypes);
export type VariableType = z.infer<typeof VariableType>;

/** What the cells of a column hold, in the words of the wire contract. */
export const dataTypes = ['numeric', 'categorical', 'molecular', 'boolean'] as const;
export const DataType = z.enum(dataTypes);
export type DataType = z.infer<typeof DataType>;

/**
 * What a build does with a column: `input` and `target` are modelled; `group` says which rows must stay together
 * in cross-validation; `identifier` and `ignored` are kept and shown, and left out of models.
 */
export const variableRoles = ['input', 'target', 'group', 'identifier', 'ignored'] as const;
export const VariableRole = z.enum(variableRoles);
export type VariableRole = z.infer<typeof VariableRole>;

/** One column of a dataset: what was inferred, and what the user said instead. */
export const Variable = z
  .object({
    /** Header of the column as in the file, trimmed; unique within the dataset. */
    key: z.string(),
    /** Header without its unit, for display. */
    name: z.string(),
    type: VariableType,
    dataType: DataType,
    role: VariableRole,
    /** Unit found in the header or given by the user, e.g. `kg/m3`, `%`, `MPa`. */
    unit: z.string().nullable(),
    /** Smallest and largest value seen, numeric columns only. */
    range: z.object({ min: z.number(), max: z.number() }).nullable(),
    /** Bounds the user declared for search and scaling; never narrower than `range`. */
    bounds: z.object({ lower: z.number(), upper: z.number() }).nullable(),
    /** Distinct values in order of first appearance, categorical and molecular columns only (at most 1000 listed). */
    levels: z.array(z.string()).nullable(),
    /** Number of different values among the present ones. */
    distinctCount: z.int(),
    /** Number of rows without a value. */
    missingCount: z.int(),
    /** Fields the user has set; inference never overwrites these. */
    overridden: z.array(z.string()),
    warnings: z.array(Warning),
  })
  .meta({ id: 'Variable' });
export type Variable = z.infer<typeof Variable>;

/** What a user may say about one column; absent fields stay as inferred, `null` takes a former override back. */
export const VariableOverride = z
  .strictObject({
    key: z.string(),
    type: VariableType.nullable().optional(),
    dataType: DataType.nullable().optional(),
    role: VariableRole.nullable().optional(),
    unit: z.string().max(50).nullable().optional(),
    bounds: z.strictObject({ lower: z.number(), upper: z.number() }).nullable().optional(),
  })
  .meta({ id: 'VariableOverride' });
export type VariableOverride = z.infer<typeof VariableOverride>;
