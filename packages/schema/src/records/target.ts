import { z } from 'zod';
import { TargetCriterion } from './targetCriterion.ts';
import { ProjectId, TargetId } from './identifier.ts';
import { ignoredOnCreate, recordAuditFields } from './recordAudit.ts';

/** Id of a record of another system, kept as it is. */
const ForeignId = z.string().min(1).max(100);

/** A condition under which a target is measured, for example a temperature. */
export const TargetParameter = z
  .strictObject({
    id: ForeignId,
    parameterGroupId: ForeignId.nullish(),
    category: z.enum(['Normal', 'Special']),
    specialType: z.string().max(100).nullish(),
    unitId: ForeignId.nullish(),
    /** Absent: the parameter may have any value. Old clients write a bare number or text instead of a criterion. */
    value: z.union([TargetCriterion, z.number(), z.string().max(500), z.boolean()]).nullish(),
    /** Place of the parameter in the list. */
    sequence: z.string().max(50),
    /** Column of the experiments that holds the parameter, where the id is not in the column's header. */
    name: z.string().max(200).nullish(),
  })
  .meta({ id: 'TargetParameter' });
export type TargetParameter = z.infer<typeof TargetParameter>;

const targetFields = {
  name: z.string().min(1).max(500),
  type: z.literal('performance'),
  parentId: ProjectId.optional(),
  dataTemplateId: ForeignId,
  dataColumnId: ForeignId,
  unitId: ForeignId.optional(),
  parameters: z.array(TargetParameter).max(100).optional(),
  targetValue: TargetCriterion,
  isRequired: z.boolean(),
  validation: z.array(z.record(z.string(), z.unknown())).max(100).optional(),
};

/** What is wanted of a measured property, and under which conditions it is measured. */
export const Target = z
  .object({ id: TargetId, ...targetFields, ...recordAuditFields })
  .meta({ id: 'Target' });
export type Target = z.infer<typeof Target>;

export const TargetCreate = z.strictObject({
  ...targetFields,
  id: z.unknown().optional(),
  ...ignoredOnCreate,
});
export type TargetCreate = z.infer<typeof TargetCreate>;

/** The condition of a parameter; null when any value will do. */
export function conditionOf({ value }: TargetParameter): TargetCriterion | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return { operator: 'eq', value };
  return typeof value === 'object' ? value : { operator: 'in-set', value: [value] };
}
