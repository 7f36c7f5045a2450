import { type ModelKind, modelRegistry, type ModelRequest, type RegisteredModel } from '@athanor/engine';
import { ModelChoices, ProblemError } from '@athanor/schema';
import { validate } from '../validation/validate.ts';
import type { BuildWish } from './buildOrder.ts';

/** Kinds that a user who names none gets: the first that can do what else is chosen. */
const preferred: readonly ModelKind[] = ['gaussianProcess', 'gradientBoosting'];

/** Choices that a model's spec holds under names of its own, and that not every model has. */
const special = { monotone: 'monotone', weights: 'weightColumn' } as const;

/**
 * What to build for a model that a user posted. Its columns are checked by planning.
 * @throws ProblemError FIELD_INVALID, OPTION_INVALID with the field and what is allowed there.
 */
export function modelRequestOf({ name, metadata }: NonNullable<BuildWish['model']>): {
  readonly request: ModelRequest;
  /** Columns to learn from; undefined for all inputs. */
  readonly inputs: readonly string[] | undefined;
} {
  const choices = validate(ModelChoices, metadata, 'body/Metadata');
  const wanted = (Object.keys(special) as (keyof typeof special)[]).filter(
    (choice) => choices[choice] !== undefined,
  );
  const { kind } = chooseModel(choices.algorithm, wanted);
  const spec: Record<string, unknown> = { ...choices.hyperparameters };
  for (const choice of wanted) {
    if (Object.hasOwn(spec, special[choice])) {
      throw ProblemError.of(
        'OPTION_INVALID',
        `${special[choice]} is chosen twice, in ${choice} and in hyperparameters.`,
        { field: `body/Metadata/hyperparameters/${special[choice]}` },
      );
    }
  }
  if (choices.monotone !== undefined) spec[special.monotone] = directionsOf(choices.monotone);
  if (choices.weights !== undefined) spec[special.weights] = choices.weights;
  const isDefault = Object.keys(spec).length === 0;
  return { request: { name, kind, spec: isDefault ? null : spec }, inputs: choices.inputs };
}

function chooseModel(
  algorithm: string | undefined,
  wanted: readonly (keyof typeof special)[],
): RegisteredModel {
  const lacks = (model: RegisteredModel): keyof typeof special | undefined =>
    wanted.find((choice) => !Object.hasOwn(model.defaultSpec as object, special[choice]));
  const kinds = modelRegistry.map((model) => model.kind);
  if (algorithm === undefined) {
    return preferred
      .map((kind) => modelRegistry.find((model) => model.kind === kind)!)
      .find((model) => lacks(model) === undefined)!;
  }
  const model = modelRegistry.find((one) => one.kind === algorithm);
  if (model === undefined) {
    throw ProblemError.of(
      'OPTION_INVALID',
      `There is no algorithm ${algorithm.slice(0, 100)}; there is ${kinds.join(', ')}.`,
      { field: 'body/Metadata/algorithm', value: algorithm },
    );
  }
  const missing = lacks(model);
  if (missing === undefined) return model;
  const able = modelRegistry.filter((one) => Object.hasOwn(one.defaultSpec as object, special[missing]));
  throw ProblemError.of(
    'OPTION_INVALID',
    `${model.title} has no choice of ${missing}; ${able.map((one) => one.kind).join(' and ')} have.`,
    { field: `body/Metadata/${missing}` },
  );
}

function directionsOf(
  monotone: Readonly<Record<string, 'increasing' | 'decreasing'>>,
): Record<string, 1 | -1> {
  return Object.fromEntries(
    Object.entries(monotone).map(([key, direction]) => [key, direction === 'increasing' ? 1 : -1]),
  );
}
