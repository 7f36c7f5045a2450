import { conditionOf, type MatrixTarget, meetsCriterion, type TargetParameter } from '@athanor/schema';
import type { ExperimentMatrix, ExperimentVariable } from './experimentMatrix.ts';

/** What the matrix needs to know of a target. */
export interface ScopedTarget {
  readonly targetId: string;
  readonly name: string;
  /** Id of the measured property in another system; a header that contains it is that property. */
  readonly dataColumnId: string;
  readonly parameters: readonly TargetParameter[];
}

type Values = Pick<ExperimentMatrix, 'rows' | 'variables' | 'columns'>;

/**
 * Where a target is in the matrix: the property whose header contains the id of its data column, or that has its
 * name. Only experiments that meet its conditions are samples of it.
 */
export function locateTargets(matrix: Values, target: ScopedTarget): MatrixTarget {
  const { targetId, name, parameters } = target;
  const variable = findVariable(matrix.variables, target.dataColumnId, name);
  const unknownParameters = parameters
    .filter((one) => conditionOf(one) !== null && findParameter(matrix, one) < 0)
    .map(({ id }) => id);
  return {
    targetId,
    name,
    variable: variable < 0 ? null : matrix.variables[variable]!.key,
    sampleCount: targetRows(matrix, target).length,
    unknownParameters,
  };
}

/** Rows (0-based) with a value of the target, measured under its conditions. */
export function targetRows(matrix: Values, { name, dataColumnId, parameters }: ScopedTarget): number[] {
  const variable = findVariable(matrix.variables, dataColumnId, name);
  if (variable < 0) return [];
  const conditions = parameters.flatMap((parameter) => {
    const criterion = conditionOf(parameter);
    return criterion === null
      ? []
      : [{ criterion, column: matrix.columns[findParameter(matrix, parameter)] }];
  });
  return matrix.rows.flatMap((_, i) => {
    if (matrix.columns[variable]![i] === null) return [];
    const isMet = conditions.every(({ criterion, column }) => meetsCriterion(criterion, column?.[i] ?? null));
    return isMet ? [i] : [];
  });
}

function findParameter({ variables }: Values, { id, name }: TargetParameter): number {
  return findVariable(variables, id, name ?? id);
}

/** Index of the variable with the id as a word of a header, or else with the name; -1 without one. */
function findVariable(variables: readonly ExperimentVariable[], id: string, name: string): number {
  const byId = variables.findIndex(({ headers }) => headers.some((header) => wordsOf(header).includes(id)));
  if (byId >= 0) return byId;
  const wanted = name.trim().toLowerCase();
  return variables.findIndex(
    (variable) =>
      variable.name.trim().toLowerCase() === wanted ||
      variable.headers.some((header) => header.trim().toLowerCase() === wanted),
  );
}

function wordsOf(header: string): string[] {
  return header.split(/[^A-Za-z0-9]+/);
}
