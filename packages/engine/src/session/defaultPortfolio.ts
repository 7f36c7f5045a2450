import { modelRegistry } from '../models/registry.ts';
import type { ModelRequest } from './buildRequest.ts';

/** The models of an automatic session: one of each registered kind, in the registry's order, named by their titles. */
export function defaultPortfolio(): readonly ModelRequest[] {
  return modelRegistry.map(({ title, kind }) => ({ name: title, kind, spec: null }));
}
