import type { Variable, VariableOverride, VariableRole, VariableType, Warning } from '@athanor/schema';
import { EngineError } from '../engineError.ts';
import { addPlace } from './addPlace.ts';
import type { TypedCells } from './cells/cellContext.ts';
import { typeCells } from './cells/typeCells.ts';
import { assignRoles, type Assignment } from './infer/assignRoles.ts';
import { gatherFacts, type ColumnFacts } from './infer/columnFacts.ts';
import { duplicateWarning, findDuplicates } from './infer/findDuplicates.ts';
import { findLeaks } from './infer/findLeaks.ts';
import { findSentinels } from './infer/findSentinels.ts';
import { parseHeader, type HeaderParts } from './infer/parseHeader.ts';
import { parseUnit, type Unit } from './infer/parseUnit.ts';
import type { RawTable } from './rawTable.ts';
import type { Table } from './table.ts';

/** Levels that a variable lists; the column itself has all of them. */
const maxListedLevels = 1000;

/**
 * Gives the columns of a table their meaning: data type, unit, and what each is in the work of a chemist. What the user
 * says (`overrides`) wins; where one column is named twice, later words win; `null` takes a word back.
 *
 * A date is a number of days since 1970-01-01, a time `H:MM:SS` a number of hours.
 *
 * @throws EngineError CELL_INVALID, DATE_AMBIGUOUS with row, column and value; COLUMN_UNKNOWN, VARIABLE_CONFLICT for overrides
 *   that fit no column or not the cells of theirs.
 */
export function typeTable(raw: RawTable, overrides: readonly VariableOverride[]): Table {
  const { sheet } = raw.format;
  return addPlace(sheet === null ? {} : { sheet }, () => typeColumns(raw, overrides));
}

function typeColumns(raw: RawTable, overrides: readonly VariableOverride[]): Table {
  const wishes = mergeOverrides(raw, overrides);
  const headers = raw.columns.map((column) => parseHeader(column.header));
  const typed = raw.columns.map((column, j): TypedCells => {
    const wish = wishes[j]!;
    return typeCells(column, {
      fileRows: raw.fileRows,
      decimalMark: raw.format.decimalMark,
      dataType: wish.dataType ?? null,
      isTyped: raw.format.kind !== 'csv',
      headerUnit: (wish.unit ?? headers[j]!.unit?.symbol ?? '').trim() || null,
    });
  });
  const facts = typed.map((cells, j) =>
    gatherFacts(cells, headers[j]!, effectiveUnit(cells, headers[j]!, wishes[j]!)),
  );
  const assigned = assignRoles(facts, wishes.map(wishedRole));
  const columnWarnings = raw.warnings.filter((warning) => warning.column !== undefined);
  const tableWarnings = [
    ...raw.warnings.filter((warning) => warning.column === undefined),
    ...assigned.warnings,
  ];
  const names = displayNames(headers, raw);

  const assignments = applyWishes(leaveOutDuplicates(assigned.columns, facts, wishes), facts, wishes);
  checkGroups(assignments, facts);
  const leaks = describeLeaks(assignments, facts);
  const variables = facts.map((one, j): Variable => {
    const wish = wishes[j]!;
    const { type, role, warnings } = assignments[j]!;
    const { column, dataType } = one.typed;
    return {
      key: one.key,
      name: names[j]!,
      type,
      dataType,
      role,
      unit: unitOf(one, wish),
      range: one.range,
      bounds: checkedBounds(one, wish),
      levels: column.kind !== 'numeric' ? column.levels.slice(0, maxListedLevels) : null,
      distinctCount: one.distinctCount,
      missingCount: one.missingCount,
      overridden: overriddenFields(wish),
      warnings: [
        ...(leaks.get(j) ?? []),
        ...warnings,
        ...(role === 'target' ? describeScale(one) : []),
        ...columnWarnings.filter((warning) => warning.column === one.key),
        ...one.typed.warnings,
        ...findSentinels(one),
      ],
    };
  });
  const known = new Set(variables.map(({ key }) => key));
  return {
    format: raw.format,
    rowCount: raw.rowCount,
    variables,
    columns: facts.map(({ typed: { column } }) => column),
    fileRows: raw.fileRows,
    // A warning about a column that is not there any more would be lost otherwise.
    warnings: [...tableWarnings, ...columnWarnings.filter((warning) => !known.has(warning.column!))],
  };
}

/** One wish a column; fields that were taken back or never said are absent. */
type Wish = { -readonly [K in keyof Omit<VariableOverride, 'key'>]?: NonNullable<VariableOverride[K]> };

const fields = ['type', 'dataType', 'role', 'unit', 'bounds'] as const;

function mergeOverrides(raw: RawTable, overrides: readonly VariableOverride[]): Wish[] {
  const indices = new Map(raw.columns.map(({ header }, j) => [header, j]));
  const wishes: Wish[] = raw.columns.map(() => ({}));
  for (const override of overrides) {
    const index = indices.get(override.key);
    if (index === undefined) {
      const known = raw.columns.slice(0, 20).map(({ header }) => `"${header}"`);
      throw new EngineError(
        'COLUMN_UNKNOWN',
        `There is no column "${override.key.slice(0, 100)}"; the columns are ${known.join(', ')}${raw.columns.length > 20 ? ', …' : ''}.`,
        { column: override.key.slice(0, 200) },
      );
    }
    const wish = wishes[index]! as Record<string, unknown>;
    for (const field of fields) {
      if (override[field] === undefined) continue;
      if (override[field] === null) delete wish[field];
      else wish[field] = override[field];
    }
  }
  return wishes;
}

function overriddenFields(wish: Wish): string[] {
  return fields.filter((field) => wish[field] !== undefined);
}

/** A type says something about the role, too: what is a property is not an input. */
function wishedRole(wish: Wish): VariableRole | null {
  if (wish.role !== undefined) return wish.role;
  return wish.type === 'property' ? 'target' : null;
}

function effectiveUnit(cells: TypedCells, header: HeaderParts, wish: Wish): Unit | null {
  if (wish.unit !== undefined) return parseUnit(wish.unit);
  return header.unit ?? (cells.unit === null ? null : parseUnit(cells.unit));
}

function unitOf(facts: ColumnFacts, wish: Wish): string | null {
  if (wish.unit !== undefined) {
    if (facts.values === null) throw conflict(facts, 'only numbers have a unit');
    return wish.unit.trim() === '' ? null : wish.unit.trim();
  }
  if (facts.values === null) return null;
  return facts.typed.isDate ? 'days since 1970-01-01' : (facts.unit?.symbol ?? null);
}

function checkedBounds(facts: ColumnFacts, wish: Wish): { lower: number; upper: number } | null {
  const { bounds } = wish;
  if (bounds === undefined) return null;
  if (facts.range === null) throw conflict(facts, 'only numbers have bounds');
  const { min, max } = facts.range;
  if (!Number.isFinite(bounds.lower) || !Number.isFinite(bounds.upper) || bounds.lower >= bounds.upper)
    throw conflict(facts, `the lower bound ${bounds.lower} is not below the upper bound ${bounds.upper}`);
  if (bounds.lower > min || bounds.upper < max) {
    throw conflict(
      facts,
      `the bounds ${bounds.lower} to ${bounds.upper} leave out values that were measured (${min} to ${max})`,
    );
  }
  return { lower: bounds.lower, upper: bounds.upper };
}

/** The later of two equal columns of inputs goes; so does an input that equals a target. */
function leaveOutDuplicates(
  columns: readonly Assignment[],
  facts: readonly ColumnFacts[],
  wishes: readonly Wish[],
): Assignment[] {
  const result = [...columns];
  for (const { index, original, isIdentical } of findDuplicates(
    facts.map(({ typed: { column } }) => column),
  )) {
    const [one, other] = [result[index]!, result[original]!];
    const roles = [one.role, other.role];
    if (roles.some((role) => role === 'identifier' || role === 'ignored' || role === 'group')) continue;
    if (!isIdentical || (one.role === 'target' && other.role === 'target')) {
      result[index] = {
        ...one,
        warnings: [...one.warnings, duplicateWarning(facts[index]!.key, facts[original]!.key, false)],
      };
      continue;
    }
    // Of an input and a target that are equal, the input goes, whichever comes first.
    const [out, stays] = one.role === 'target' ? [original, index] : [index, original];
    if (wishes[out]!.role !== undefined) continue;
    const warning = duplicateWarning(facts[out]!.key, facts[stays]!.key, true);
    const isLeak = result[stays]!.role === 'target';
    const leak: Warning = {
      code: 'possible_leak',
      message: `"${facts[out]!.key}" is a copy of the target "${facts[stays]!.key}" and is left out.`,
      column: facts[out]!.key,
    };
    result[out] = {
      ...result[out]!,
      role: 'ignored',
      warnings: [isLeak ? leak : warning, ...result[out]!.warnings],
    };
  }
  return result;
}

const typeOfInput = (facts: ColumnFacts, inferred: VariableType): VariableType => {
  if (inferred !== 'property') return inferred;
  if (facts.typed.dataType === 'molecular') return 'molecule';
  return facts.unit?.kind === 'amount' ? 'material_amount' : 'parameter';
};

/** Puts the user's words in place of what was inferred, and refuses those that cannot be. */
function applyWishes(
  columns: readonly Assignment[],
  facts: readonly ColumnFacts[],
  wishes: readonly Wish[],
): Assignment[] {
  return columns.map((inferred, j) => {
    const wish = wishes[j]!;
    if (wish.type === undefined && wish.role === undefined) return inferred;
    const one = facts[j]!;
    let role = wish.role ?? inferred.role;
    let { type } = inferred;
    if (wish.type !== undefined) {
      type = wish.type;
      if (wish.role === undefined && type === 'property') role = 'target';
      else if (wish.role === undefined && role === 'target') role = 'input';
    } else if (role === 'target') {
      type = 'property';
    } else if (role === 'input') {
      type = typeOfInput(one, type);
    }
    checkWish(one, type, role, wish);
    // A warning that says why a column is left out does not hold any more.
    const warnings = wish.role === undefined || wish.role === inferred.role ? inferred.warnings : [];
    return { type, role, warnings };
  });
}

function checkWish(facts: ColumnFacts, type: VariableType, role: VariableRole, wish: Wish): void {
  const { dataType } = facts.typed;
  if (type === 'material_amount' && dataType !== 'numeric')
    throw conflict(facts, `amounts are numbers, and its cells are ${dataType}`);
  if (type === 'molecule' && dataType !== 'molecular' && dataType !== 'categorical')
    throw conflict(facts, `molecules are named by text, and its cells are ${dataType}`);
  if (role === 'target' && type !== 'property')
    throw conflict(facts, `a target is a property and not a ${type}`);
  if (role === 'target' && dataType !== 'numeric')
    throw conflict(facts, `only numbers can be a target, and its cells are ${dataType}`);
  if (role === 'input' && wish.type === 'property')
    throw conflict(facts, 'a property is a result and no input');
}

function checkGroups(assignments: Assignment[], facts: readonly ColumnFacts[]): void {
  const groups = assignments.flatMap(({ role }, j) => (role === 'group' ? [j] : []));
  if (groups.length < 2) return;
  // The user named one of them; the inferred one steps back.
  const inferred = groups.filter((j) => assignments[j]!.warnings.some(({ code }) => code === 'group_found'));
  for (const j of inferred) assignments[j] = { ...assignments[j]!, role: 'identifier', warnings: [] };
  const named = groups.filter((j) => !inferred.includes(j));
  if (named.length > 1)
    throw conflict(facts[named[1]!]!, `"${facts[named[0]!]!.key}" already says which rows belong together`);
}

function describeLeaks(
  assignments: readonly Assignment[],
  facts: readonly ColumnFacts[],
): Map<number, Warning[]> {
  const withRole = (role: VariableRole) =>
    facts.flatMap(({ values }, index) =>
      values !== null && assignments[index]!.role === role ? [{ index, values }] : [],
    );
  const warnings = new Map<number, Warning[]>();
  for (const { input, target, correlation } of findLeaks(withRole('input'), withRole('target'))) {
    warnings.set(input, [
      {
        code: 'possible_leak',
        message:
          `"${facts[input]!.key}" follows the target "${facts[target]!.key}" almost exactly (correlation ${correlation.toFixed(5)}); ` +
          'if it is not known before the experiment, set its role to ignored.',
        column: facts[input]!.key,
      },
    ]);
  }
  return warnings;
}

/** A target with no more values than this may be meant as classes. */
const fewValues = 7;

/** Says how a target of few values is understood: as a number, with distances that mean something. */
function describeScale(facts: ColumnFacts): Warning[] {
  if (!facts.isInteger || facts.distinctCount > fewValues || facts.distinctCount < 2) return [];
  const { min, max } = facts.range!;
  return [
    {
      code: 'target_of_few_values',
      message: `The target "${facts.key}" has only ${facts.distinctCount} different values (${min} to ${max}); it is modelled as a number, not as classes.`,
      column: facts.key,
    },
  ];
}

/** Names without units; where two become equal, the whole headers. */
function displayNames(headers: readonly HeaderParts[], raw: RawTable): string[] {
  const counts = new Map<string, number>();
  for (const { name } of headers) counts.set(name, (counts.get(name) ?? 0) + 1);
  return headers.map(({ name }, j) => (counts.get(name) === 1 ? name : raw.columns[j]!.header));
}

function conflict(facts: ColumnFacts, reason: string): EngineError {
  return new EngineError('VARIABLE_CONFLICT', `Column "${facts.key}" cannot be used that way: ${reason}.`, {
    column: facts.key,
  });
}
