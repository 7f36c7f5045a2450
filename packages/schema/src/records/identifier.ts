import { z } from 'zod';

/**
 * Ids on the wire are a prefix and a positive number, unpadded: `DST1`, `MDS12`.
 * The prefixes are fixed by the public client and never change.
 */
export const identifierPrefixes = {
  dataset: 'DST',
  modelSession: 'MDS',
  model: 'MDL',
  insight: 'INS',
  smartDataset: 'SDT',
  target: 'TAR',
  project: 'PRO',
  user: 'USR',
} as const;

export type IdentifierKind = keyof typeof identifierPrefixes;

/** Schema of one kind of id. Anything else in a path is answered like an id that does not exist. */
function identifierOf(kind: IdentifierKind) {
  const prefix = identifierPrefixes[kind];
  return z
    .string()
    .regex(new RegExp(`^${prefix}[1-9][0-9]{0,14}$`), `must look like ${prefix}1`)
    .meta({ description: `Id of a ${kind}, for example ${prefix}1.` });
}

export const DatasetId = identifierOf('dataset');
export const ModelSessionId = identifierOf('modelSession');
export const ModelId = identifierOf('model');
export const InsightId = identifierOf('insight');
export const SmartDatasetId = identifierOf('smartDataset');
export const TargetId = identifierOf('target');
export const ProjectId = identifierOf('project');
export const UserId = identifierOf('user');
