import type { Variable, Warning } from '@athanor/schema';
import { EngineError } from '../engineError.ts';
import { listNames } from '../listNames.ts';
import type { CategoricalColumn, Column, MolecularColumn } from '../table/column.ts';
import type { Table } from '../table/table.ts';
import type { BuildRequest } from './buildRequest.ts';

/** Levels of a category may number at most this share of the rows: beyond, hardly any level is seen twice. */
const maxLevelShare = 0.5;

export interface ChosenInputs {
  /** In table order. Constant and empty columns are among them: models pass them over, predictions may name them. */
  readonly keys: readonly string[];
  readonly warnings: readonly Warning[];
}

/**
 * The columns a build learns from: those that the request names, else those whose role is input; without targets, group
 * and what it ignores. A column that is named is kept where another would be left out for its own good.
 *
 * @throws EngineError COLUMN_UNKNOWN, OPTION_INVALID, INPUTS_MISSING
 */
export function chooseInputs(
  request: Pick<BuildRequest, 'table' | 'targets' | 'inputs' | 'ignore' | 'group'>,
): ChosenInputs {
  const { table, targets, inputs, ignore, group } = request;
  inputs?.forEach((key, i) => {
    requireColumn(table, key, `inputs/${i}`);
    if (targets.includes(key) || key === group)
      throw new EngineError(
        'OPTION_INVALID',
        `${key} is ${key === group ? 'the group' : 'a target'} and cannot be an input as well`,
        { field: `inputs/${i}`, column: key },
      );
  });
  ignore.forEach((key, i) => requireColumn(table, key, `ignore/${i}`));
  if (group !== null) requireColumn(table, group, 'group');
  for (const key of targets)
    if (ignore.includes(key) || key === group)
      throw new EngineError(
        'OPTION_INVALID',
        `${key} is a target and cannot be ${key === group ? 'the group' : 'ignored'} as well`,
        { field: key === group ? 'group' : 'ignore', column: key },
      );

  const warnings: Warning[] = [];
  const keys: string[] = [];
  let varying = 0;
  table.variables.forEach((variable, j) => {
    const { key } = variable;
    const isWanted = inputs === undefined ? variable.role === 'input' : inputs.includes(key);
    if (!isWanted || targets.includes(key) || ignore.includes(key) || key === group) return;
    const column = table.columns[j]!;
    const distinct = countDistinct(column);
    // Molecules may all differ: models compare what they are made of.
    const isNamed = column.kind === 'categorical' && variable.dataType !== 'molecular';
    const isCrowded = isNamed && distinct > 2 && distinct > maxLevelShare * table.rowCount;
    if (isCrowded && inputs === undefined) {
      warnings.push(tooManyLevels(variable, distinct, table.rowCount));
      return;
    }
    if (column.kind === 'molecular') warnings.push(...nameRefused(column));
    keys.push(key);
    if (column.kind === 'categorical' && !isCrowded) warnings.push(...rareLevels(column));
    if (distinct > 1) varying++;
    else
      warnings.push({
        code: distinct === 0 ? 'input_empty' : 'input_constant',
        message:
          distinct === 0
            ? `${key} has no values and says nothing; models leave it out.`
            : `${key} has the same value in every row and says nothing; models leave it out.`,
        column: key,
      });
  });
  if (varying === 0)
    throw new EngineError(
      'INPUTS_MISSING',
      keys.length === 0
        ? ['no column is left as an input', ...warnings.map(({ message }) => message)].join('; ')
        : 'every input has the same value in all rows',
      { field: 'ignore' },
    );
  return { keys, warnings };
}

/** @throws EngineError COLUMN_UNKNOWN */
export function requireColumn(
  table: Table,
  key: string,
  field: string,
): { variable: Variable; column: Column } {
  const j = table.variables.findIndex((variable) => variable.key === key);
  if (j < 0)
    throw new EngineError(
      'COLUMN_UNKNOWN',
      `there is no column ${key}; the columns are ${listNames(table.variables.map((one) => one.key))}`,
      { field, column: key },
    );
  return { variable: table.variables[j]!, column: table.columns[j]! };
}

/** A value of one row is never both learnt from and checked. */
function rareLevels({ key, codes, levels }: CategoricalColumn): Warning[] {
  const counts = new Float64Array(levels.length);
  for (const code of codes) if (code >= 0) counts[code]!++;
  const rare = levels.filter((_, code) => counts[code] === 1);
  if (rare.length === 0) return [];
  return [
    {
      code: 'levels_rare',
      message: `${key} has values that occur in one row only: ${listNames(rare)}; what models say of them cannot be checked.`,
      column: key,
      count: rare.length,
    },
  ];
}

/** Rows whose molecule cannot be read; they are left out of every target. */
function nameRefused({ key, codes, refused }: MolecularColumn): Warning[] {
  const rows = [...codes.keys()].filter((i) => codes[i]! < -1);
  const [first] = rows;
  if (first === undefined) return [];
  const { text, reason } = refused[-2 - codes[first]!]!;
  return [
    {
      code: 'molecule_unreadable',
      message: `${rows.length} rows name no molecule in ${key} that can be read and are left out, e.g. ${JSON.stringify(text.slice(0, 60))}: ${reason}.`,
      column: key,
      rows: rows.slice(0, 5).map((i) => i + 1),
      count: rows.length,
    },
  ];
}

function tooManyLevels({ key }: Variable, distinct: number, rowCount: number): Warning {
  return {
    code: 'levels_too_many',
    message: `${key} has ${distinct} different values in ${rowCount} rows, too many to learn one by one; it is left out.`,
    column: key,
    count: distinct,
  };
}

function countDistinct(column: Column): number {
  const cells = column.kind === 'numeric' ? column.values : column.codes;
  const distinct = new Set<number>();
  for (const cell of cells)
    if (column.kind === 'numeric' ? !Number.isNaN(cell) : cell >= 0) distinct.add(cell);
  return distinct.size;
}
