import {
  type CellValue,
  TargetCriterion,
  type DesignMethod,
  type DesignRunOrder,
  type DesignRunViolation,
  type DesignRunViolationCode,
  type MatrixVariable,
  type SearchSpace,
} from '@athanor/schema';
import type { ExperimentMatrix } from './experimentMatrix.ts';
import { locateTargets, type ScopedTarget, targetRows } from './locateTargets.ts';

/** One objective of a run as it was asked for, not yet known to make sense. */
export interface WishedObjective {
  readonly target: ScopedTarget;
  readonly operator: string;
  readonly value: unknown;
  readonly weight: number;
  readonly isRequired: boolean;
}

/** A run whose settings and ids are in order; what is left to check needs the experiments. */
export interface DesignRunWish {
  readonly method: DesignMethod;
  readonly objectives: readonly WishedObjective[];
  readonly anchorTargets: readonly ScopedTarget[];
  /** Search space of the run; null for what the experiments span. */
  readonly space: SearchSpace | null;
  /** Every target of the scope, for the counts. */
  readonly targets: readonly ScopedTarget[];
}

export interface DesignRunFinding {
  readonly violations: readonly DesignRunViolation[];
  readonly targetSampleCounts: Readonly<Record<string, number>>;
  readonly objectives: DesignRunOrder['objectives'];
}

/** Experiments that a surrogate needs; the least number that a build accepts. */
const minSamples = 5;
/** Of these, experiments that differ in their inputs. */
const minDifferent = 3;

/** Checks a run against the experiments it would learn from. */
export function checkDesignRun(matrix: ExperimentMatrix, wish: DesignRunWish): DesignRunFinding {
  const violations: DesignRunViolation[] = [];
  const violate = (code: DesignRunViolationCode, message: string, targetId?: string): void => {
    violations.push({ code, message, ...(targetId === undefined ? {} : { targetId }) });
  };
  const inputs = [...matrix.variables.keys()].filter((j) => matrix.variables[j]!.type !== 'property');
  if (!inputs.some((j) => varies(matrix.columns[j]!))) {
    const what = inputs.length === 0 ? 'has no inputs' : 'has the same inputs in every experiment';
    violate('infeasible_design_space', `The dataset ${what}: there is nothing to vary.`);
  }

  const objectives: DesignRunOrder['objectives'] = [];
  for (const { target, operator, value, weight, isRequired } of wish.objectives) {
    const { targetId, name } = target;
    const { variable: key, unknownParameters } = locateTargets(matrix, target);
    const j = matrix.variables.findIndex((variable) => variable.key === key);
    const variable = matrix.variables[j];
    const rows = targetRows(matrix, target);
    const trouble = troubleOf(operator, value, weight, variable);
    if (trouble !== null) violate('invalid_objective', `${name}: ${trouble}`, targetId);
    if (variable === undefined || rows.length < minSamples) {
      const reason =
        variable === undefined
          ? `no column of the dataset has ${target.dataColumnId} in its header or is named ${name}`
          : unknownParameters.length > 0
            ? `no column is the parameter ${unknownParameters.join(', ')} of its conditions`
            : `${rows.length} experiments have a value, ${minSamples} are needed`;
      violate('insufficient_training_data', `${name}: ${reason}.`, targetId);
      continue;
    }
    if (wish.method === 'generate' && trouble === null) {
      const reason = whyNotModelled(matrix, variable, j, rows, inputs);
      if (reason !== null) violate('model_training_error', `${name}: ${reason}.`, targetId);
    }
    if (trouble === null) {
      objectives.push({
        targetId,
        variable: variable.key,
        operator: operator as TargetCriterion['operator'],
        value,
        weight,
        isRequired,
      });
    }
  }
  for (const target of wish.anchorTargets) {
    if (targetRows(matrix, target).length > 0) continue;
    violate('insufficient_training_data', `${target.name}: no experiment has a value.`, target.targetId);
  }
  return {
    violations,
    objectives,
    targetSampleCounts: Object.fromEntries(
      wish.targets.map((target) => [target.targetId, targetRows(matrix, target).length]),
    ),
  };
}

/** What is wrong with an objective by itself; null when nothing is. */
function troubleOf(
  operator: string,
  value: unknown,
  weight: number,
  variable: MatrixVariable | undefined,
): string | null {
  if (!(Number.isFinite(weight) && weight > 0)) return `its weight must be a positive number, not ${weight}.`;
  const criterion = TargetCriterion.safeParse({ operator, value });
  if (!criterion.success) {
    const wanted: Record<string, string> = {
      eq: 'a number or a text',
      between: 'a min and a max that is not below it',
      'in-set': 'a list of at least one value',
    };
    return `${operator} needs ${wanted[operator] ?? 'a number'}.`;
  }
  if (variable === undefined) return null;
  const isNumeric = variable.data_type === 'numeric';
  const given = operator === 'in-set' ? (value as unknown[]) : [value];
  const compares = operator !== 'eq' && operator !== 'in-set';
  if (compares && !isNumeric)
    return `${variable.key} is ${variable.data_type}; ${operator} compares numbers.`;
  if (!compares && isNumeric && given.some((one) => typeof one !== 'number')) {
    return `${variable.key} is numeric; it can only equal numbers.`;
  }
  return null;
}

/** Why no surrogate can learn a target; null when one can. */
function whyNotModelled(
  { columns }: ExperimentMatrix,
  { key, data_type: dataType }: MatrixVariable,
  j: number,
  rows: readonly number[],
  inputs: readonly number[],
): string | null {
  if (dataType !== 'numeric') return `${key} is ${dataType}; only numbers can be modelled`;
  if (!varies(rows.map((i) => columns[j]![i]!))) return `all ${rows.length} values of ${key} are equal`;
  const different = new Set(rows.map((i) => JSON.stringify(inputs.map((input) => columns[input]![i]))));
  if (different.size >= minDifferent) return null;
  return `only ${different.size} of its experiments differ in their inputs, ${minDifferent} must`;
}

function varies(values: readonly CellValue[]): boolean {
  return new Set(values.filter((value) => value !== null)).size > 1;
}
