import { type ModelKind, modelRegistry, type ModelRequest, type Table } from '@athanor/engine';
import { ProblemError } from '@athanor/schema';
import { z } from 'zod';
import { validate } from '../validation/validate.ts';
import type { BuildWish } from './buildOrder.ts';

/** What of a model's Metadata is a choice of how to build it; other keys are the user's own notes. */
const Choices = z.object({
  algorithm: z.string().optional(),
  /** Columns to learn from; the default is all inputs. */
  inputs: z.array(z.string()).min(1).optional(),
  /** Hyperparameters to set, by the names of the model's spec. */
  hyperparameters: z.record(z.string(), z.unknown()).optional(),
});

/** Kinds that a user who names none gets, best first. */
const preferred: readonly ModelKind[] = ['gaussianProcess', 'extraTrees'];

/**
 * What to build for a model that a user posted, and which columns to leave out for it.
 * @throws ProblemError OPTION_INVALID or COLUMN_UNKNOWN with the field and what is allowed there.
 */
export function modelRequestOf(
  table: Table,
  { name, metadata }: NonNullable<BuildWish['model']>,
  targets: readonly string[],
): { readonly request: ModelRequest; readonly ignore: readonly string[] } {
  const { algorithm, inputs, hyperparameters } = validate(Choices, metadata, 'body/Metadata');
  const kinds: readonly string[] = modelRegistry.map((model) => model.kind);
  if (algorithm !== undefined && !kinds.includes(algorithm)) {
    throw ProblemError.of(
      'OPTION_INVALID',
      `There is no algorithm ${algorithm.slice(0, 100)}; there is ${kinds.join(', ')}.`,
      { field: 'body/Metadata/algorithm', value: algorithm },
    );
  }
  const kind = (algorithm ?? preferred.find((one) => kinds.includes(one))!) as ModelKind;
  const columns = table.columns.map((column) => column.key);
  for (const [index, input] of (inputs ?? []).entries()) {
    if (columns.includes(input)) continue;
    throw ProblemError.of('COLUMN_UNKNOWN', `There is no column ${input.slice(0, 100)}.`, {
      field: `body/Metadata/inputs/${index}`,
      value: input,
    });
  }
  const ignore =
    inputs === undefined ? [] : columns.filter((key) => !inputs.includes(key) && !targets.includes(key));
  return { request: { name, kind, spec: hyperparameters ?? null }, ignore };
}
