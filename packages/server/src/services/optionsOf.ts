import { BuildOptions, type ModelSessionCreate } from '@athanor/schema';
import { validate } from '../validation/validate.ts';

/** The public client has no field of its own for options; they travel in `albertModelDetails.options`. */
export function optionsOf(body: ModelSessionCreate): BuildOptions {
  if (body.buildOptions !== undefined) return body.buildOptions;
  const options = body.albertModelDetails?.['options'];
  if (options === undefined || options === null) return {};
  return validate(BuildOptions, options, 'body/albertModelDetails/options');
}

/** What a client says of its own; state and models are ours, also when a fetched record is posted again. */
export function ownDetails(details: Record<string, unknown> | undefined): Record<string, unknown> | null {
  if (details === undefined) return null;
  const ours = new Set(['state', 'models', 'candidates']);
  return Object.fromEntries(Object.entries(details).filter(([key]) => !ours.has(key)));
}
