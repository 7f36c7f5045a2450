import {
  checkCandidate,
  chooseInputs,
  compileSpace,
  explainInfeasible,
  findPoint,
  inferSpace,
  loadHighs,
  pointToRow,
  type Table,
} from '@athanor/engine';
import type {
  SearchSpace,
  SessionSpace,
  SpaceCheck,
  SpaceCheckRequest,
  SpaceSentence,
} from '@athanor/schema';
import { relocate } from './relocate.ts';

/** Which columns of a table a session works with; null targets are those whose role says so. */
export interface SessionColumns {
  readonly targets: readonly string[] | null;
  readonly inputs?: readonly string[];
  readonly ignore: readonly string[];
  readonly group: string | null;
}

/** Where the parts of a space stand in the request. */
const fields = {
  variables: 'body/space/variables',
  constraints: 'body/space/constraints',
  candidates: 'body/space/candidates',
};

/** The space that the data of a session span. @throws EngineError of choosing inputs, SPACE_INVALID without any. */
export function inferSessionSpace(table: Table, columns: SessionColumns): SessionSpace {
  const space = inferSpace(table, inputKeys(table, columns));
  return { space, sentences: sentencesOf(space) };
}

/**
 * Completes a space, reads it back, and says whether anything is in it.
 * @throws EngineError SPACE_INVALID, SPACE_UNDECIDED with the place in the request
 */
export async function checkSessionSpace(
  table: Table,
  columns: SessionColumns,
  asked: SpaceCheckRequest['space'],
): Promise<SpaceCheck> {
  const solver = await loadHighs();
  const keys = inputKeys(table, columns);
  const inferred = inferSpace(table, keys);
  const named = new Set(asked.variables?.map(({ key }) => key));
  const space: SearchSpace = {
    variables: [...(asked.variables ?? []), ...inferred.variables.filter(({ key }) => !named.has(key))],
    constraints: asked.constraints ?? inferred.constraints,
    ...(asked.candidates === undefined ? {} : { candidates: asked.candidates }),
  };
  return relocate(fields, () => {
    const compiled = compileSpace(space);
    const inputs = new Set(keys);
    const strange = space.variables.filter(({ key }) => !inputs.has(key));
    const warnings = strange.map(({ key }) => ({
      code: 'not_an_input',
      message: `"${key}" is no input of the models; it is varied without their knowing what it does.`,
      column: key,
    }));
    const common = { space, sentences: sentencesOf(space), warnings };
    const explanation = explainInfeasible(compiled, solver);
    if (explanation !== null) {
      const violations = explanation.conflicts.map(({ paths, message }) => ({ paths: [...paths], message }));
      const relaxations = explanation.relaxations.map(({ path, advice }) => ({ path, advice }));
      const { nearest } = explanation;
      return { ...common, isFeasible: false, example: null, violations, relaxations, nearest };
    }
    if (space.candidates !== undefined) return { ...common, ...judgeList(space, space.candidates) };
    const example = pointToRow(compiled, findPoint(compiled, solver)!);
    return { ...common, isFeasible: true, example, violations: [], relaxations: [] };
  });
}

/** Whether any row of a list obeys everything; if not, what most of them break. */
function judgeList(
  space: SearchSpace,
  candidates: NonNullable<SearchSpace['candidates']>,
): Pick<SpaceCheck, 'isFeasible' | 'example' | 'violations' | 'relaxations'> {
  const broken = new Map<string, number>();
  // The list itself is obeyed by what is on it.
  const { candidates: _, ...rest } = space;
  for (const row of candidates) {
    const checks = checkCandidate(rest, row).filter(({ isMet }) => !isMet);
    if (checks.length === 0) return { isFeasible: true, example: row, violations: [], relaxations: [] };
    for (const { path } of checks) broken.set(path, (broken.get(path) ?? 0) + 1);
  }
  const [path, count] = [...broken].reduce((most, one) => (one[1] > most[1] ? one : most));
  const message = `None of the ${candidates.length} listed rows obeys everything; ${count} of them break this one.`;
  return {
    isFeasible: false,
    example: null,
    violations: [{ paths: ['candidates', ...(candidates.length === 1 ? broken.keys() : [path])], message }],
    relaxations: [],
  };
}

function inputKeys(table: Table, columns: SessionColumns): readonly string[] {
  const byRole = (): string[] =>
    table.variables.filter(({ role }) => role === 'target').map(({ key }) => key);
  return chooseInputs({ table, ...columns, targets: columns.targets ?? byRole() }).keys;
}

function sentencesOf(space: SearchSpace): SpaceSentence[] {
  return compileSpace(space).sources.map(({ path, text }) => {
    const [list, place] = path.split('/');
    const variable = list === 'variables' ? space.variables[Number(place)] : undefined;
    const step = variable !== undefined && 'step' in variable ? variable.step : undefined;
    return { path, text: step === undefined ? text : `${text} in steps of ${step}` };
  });
}
