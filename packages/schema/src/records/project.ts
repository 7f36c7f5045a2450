import { z } from 'zod';
import { ProjectId } from './identifier.ts';
import { ignoredOnCreate, recordAuditFields } from './recordAudit.ts';

export const projectClasses = ['shared', 'confidential', 'private', 'restricted'] as const;

const kept = z.array(z.record(z.string(), z.unknown())).max(100).nullish();

/** Fields of the public client that Athanor keeps for it and gives back, and does nothing with. */
const keptFields = {
  prefix: z.string().max(100).nullish(),
  grid: z.enum(['PD', 'WKS']).nullish(),
  Locations: kept,
  ACL: kept,
  TaskConfig: kept,
  appEngg: z.array(z.string().max(100)).max(1000).nullish(),
  Metadata: z.record(z.string(), z.unknown()).nullish(),
};

/** What datasets, insights and targets hang under. Its number is the tenant's own. */
export const Project = z
  .object({
    albertId: ProjectId,
    /** Also its name. */
    description: z.string(),
    class: z.enum(projectClasses),
    state: z.string().optional(),
    ...keptFields,
    ...recordAuditFields,
  })
  .meta({ id: 'Project' });
export type Project = z.infer<typeof Project>;

export const ProjectCreate = z.strictObject({
  description: z.string().min(1).max(2000),
  class: z.enum(projectClasses).nullish(),
  ...keptFields,
  albertId: z.unknown().optional(),
  state: z.unknown().optional(),
  oldApiParams: z.unknown().optional(),
  ...ignoredOnCreate,
});
export type ProjectCreate = z.infer<typeof ProjectCreate>;
