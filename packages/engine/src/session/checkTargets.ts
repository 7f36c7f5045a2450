import { EngineError } from '../engineError.ts';
import { listNames } from '../listNames.ts';
import type { BuildRequest } from './buildRequest.ts';

/** @throws EngineError TARGET_MISSING, TARGET_UNKNOWN, OPTION_INVALID */
export function checkTargets({ table, targets }: Pick<BuildRequest, 'table' | 'targets'>): void {
  if (targets.length === 0)
    throw new EngineError('TARGET_MISSING', `no target was named; the columns are ${columnNames()}`, {
      field: 'targets',
    });
  targets.forEach((key, i) => {
    const location = { field: `targets/${i}`, column: key };
    if (!table.variables.some((variable) => variable.key === key))
      throw new EngineError(
        'TARGET_UNKNOWN',
        `there is no column ${key}; the columns are ${columnNames()}`,
        location,
      );
    if (targets.indexOf(key) !== i)
      throw new EngineError('OPTION_INVALID', `the target ${key} is named twice`, location);
  });

  function columnNames(): string {
    return listNames(table.variables.map((variable) => variable.key));
  }
}
