import { ensemble } from '../models/ensemble.ts';
import { takeInputRows } from '../models/inputs.ts';
import { modelRegistry } from '../models/registry.ts';
import type { BuildRequest, ModelRequest } from './buildRequest.ts';
import { checkTargets } from './checkTargets.ts';
import { chooseInputs } from './chooseInputs.ts';
import { sessionInputs } from './sessionInputs.ts';
import { targetRows } from './targetRows.ts';

/**
 * The models of an automatic session, named by their titles: those, and the variants of those, that are offered for
 * the rows and inputs of a target, in the registry's order, each with the targets it is offered for, and what they make together.
 *
 * @throws EngineError as `planBuild` does for what it reads of the request
 */
export function defaultPortfolio(
  request: Pick<BuildRequest, 'table' | 'targets' | 'inputs' | 'ignore' | 'group'>,
): readonly ModelRequest[] {
  checkTargets(request);
  const session = sessionInputs(request.table, chooseInputs(request).keys);
  const inputsOf = request.targets.map((key) => {
    const { rows } = targetRows(request, key, session);
    return takeInputRows(session.inputs, rows);
  });
  const models = modelRegistry.flatMap(({ title, kind, isOffered, variants = [] }) =>
    [{ title, isOffered, changes: null }, ...variants].flatMap((variant): ModelRequest[] => {
      const targets = request.targets.filter((_, t) =>
        variant.isOffered(inputsOf[t]!.rowCount, inputsOf[t]!),
      );
      return targets.length === 0 ? [] : [{ name: variant.title, kind, spec: variant.changes, targets }];
    }),
  );
  return [...models, { name: ensemble.title, kind: ensemble.kind, spec: null, targets: request.targets }];
}
