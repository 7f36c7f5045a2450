import { EngineError } from '../engineError.ts';
import type { InputColumn } from '../models/inputs.ts';
import type { RegisteredModel } from '../models/registry.ts';
import type { PlainData } from '../plainData.ts';

/**
 * The model's default spec with `changes` put in. A key that the model does not have is refused, and so is a value of
 * another type than the default's. Where the default is null, the model's own check says what else there may be.
 *
 * @param field path of the changes in the request, for messages
 * @param inputs the changes may speak of
 * @throws EngineError with code OPTION_INVALID
 */
export function resolveSpec(
  model: RegisteredModel,
  changes: { readonly [key: string]: unknown } | null,
  field: string,
  inputs: readonly InputColumn[],
): PlainData {
  const defaults = model.defaultSpec as { readonly [key: string]: PlainData };
  const spec: { [key: string]: PlainData } = { ...defaults };
  for (const [key, value] of Object.entries(changes ?? {})) {
    if (!Object.hasOwn(defaults, key)) {
      const allowed = Object.keys(defaults).join(', ') || 'none';
      throw new EngineError(
        'OPTION_INVALID',
        `${model.title} has no option ${key}; its options are: ${allowed}`,
        { field: `${field}/${key}` },
      );
    }
    if (!isLike(defaults[key]!, value))
      throw new EngineError(
        'OPTION_INVALID',
        `${key} of ${model.title} must be ${describe(defaults[key]!)}, for example ${JSON.stringify(defaults[key])}`,
        { field: `${field}/${key}`, value: JSON.stringify(value) ?? String(value) },
      );
    spec[key] = value as PlainData;
  }
  try {
    model.checkSpec?.(spec, inputs);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const key = error.location.field;
    throw new EngineError(error.code, `${model.title}: ${error.message}`, {
      field: key === undefined ? field : `${field}/${key}`,
      ...(key === undefined ? {} : { value: JSON.stringify(spec[key]) ?? String(spec[key]) }),
    });
  }
  return spec;
}

function isLike(example: PlainData, value: unknown): boolean {
  if (example === null)
    return value === null || isNumber(value) || typeof value === 'string' || isObject(value);
  if (typeof example === 'number') return isNumber(value);
  if (Array.isArray(example)) return Array.isArray(value);
  if (typeof example === 'object') return isObject(value);
  return typeof value === typeof example;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}

function describe(example: PlainData): string {
  if (example === null) return 'null, a number, text or an object';
  if (Array.isArray(example)) return 'a list';
  return { number: 'a number', string: 'text', boolean: 'true or false', object: 'an object' }[
    typeof example as 'number' | 'string' | 'boolean' | 'object'
  ];
}
