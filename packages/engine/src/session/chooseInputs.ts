import type { Variable, Warning } from '@athanor/schema';
import { EngineError } from '../engineError.ts';
import { listNames } from '../listNames.ts';
import type { Column, MolecularColumn } from '../table/column.ts';
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
 * The columns a build learns from: those whose role is input, without targets, group and what the request ignores.
 *
 * @throws EngineError COLUMN_UNKNOWN, OPTION_INVALID, INPUTS_MISSING
 */
export function chooseInputs(
  request: Pick<BuildRequest, 'table' | 'targets' | 'ignore' | 'group'>,
): ChosenInputs {
  const { table, targets, ignore, group } = request;
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
    if (variable.role !== 'input' || targets.includes(key) || ignore.includes(key) || key === group) return;
    const column = table.columns[j]!;
    const distinct = countDistinct(column);
    // Molecules may all differ: models compare what they are made of.
    const isNamed = column.kind === 'categorical' && variable.dataType !== 'molecular';
    if (isNamed && distinct > 2 && distinct > maxLevelShare * table.rowCount) {
      warnings.push(tooManyLevels(variable, distinct, table.rowCount));
      return;
    }
    if (column.kind === 'molecular') warnings.push(...nameRefused(column));
    keys.push(key);
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
