import { EngineError } from '../engineError.ts';
import { columnOf, createMatrix, type Matrix } from '../linalg/matrix.ts';
import type { Inputs } from '../models/inputs.ts';
import type { CategoricalColumn, Column, MolecularColumn } from '../table/column.ts';
import {
  describeColumns,
  encodeDescriptor,
  encodeNumber,
  levelCells,
  levelColumnCount,
  type InputEncoder,
  totalsOf,
} from './inputEncoder.ts';
import type {
  CategoricalEncoding,
  MolecularEncoding,
  NumericEncoding,
  TotalEncoding,
} from './inputEncoding.ts';

/**
 * The rows of `inputs` as numbers [m, d], columns as `describeColumns` lists them. Inputs are found by key: their
 * order is free and others than the encoder's may be there.
 *
 * @throws EngineError with code COLUMN_MISSING or VARIABLE_CONFLICT when an input is absent or of another kind.
 */
export function encodeInputs(encoder: InputEncoder, inputs: Inputs): Matrix {
  const columns = new Map(inputs.columns.map(({ column }) => [column.key, column]));
  const X = createMatrix(inputs.rowCount, describeColumns(encoder).length);
  let next = 0;
  const nextColumn = (): Float64Array => columnOf(X, next++);
  for (const encoding of encoder.inputs) {
    if (encoding.kind === 'total') {
      encodeNumeric(encoding, totalsOf(inputs, encoding.amounts), nextColumn);
      continue;
    }
    const column = columns.get(encoding.key);
    if (column === undefined)
      throw new EngineError('COLUMN_MISSING', `the model needs the column ${encoding.key}`, {
        column: encoding.key,
      });
    if (encoding.kind === 'numeric')
      encodeNumeric(encoding, requireKind(column, 'numeric').values, nextColumn);
    else if (encoding.kind === 'molecular')
      encodeMolecular(encoding, requireKind(column, 'molecular'), nextColumn);
    else encodeCategorical(encoding, requireKind(column, 'categorical'), nextColumn);
  }
  return X;
}

function requireKind<K extends Column['kind']>(column: Column, kind: K): Extract<Column, { kind: K }> {
  if (column.kind !== kind)
    throw new EngineError(
      'VARIABLE_CONFLICT',
      `the model was fitted with ${kind} cells in ${column.key}, these are ${column.kind}`,
      { column: column.key },
    );
  return column as Extract<Column, { kind: K }>;
}

function encodeNumeric(
  encoding: NumericEncoding | TotalEncoding,
  values: Float64Array,
  nextColumn: () => Float64Array,
): void {
  if (encoding.hasValue) {
    const x = nextColumn();
    for (let i = 0; i < values.length; i++) {
      const value = encodeNumber(encoding, values[i]!);
      x[i] = Number.isNaN(value) && encoding.fill !== null ? encoding.fill : value;
    }
  }
  if (encoding.hasIndicator) {
    const x = nextColumn();
    for (let i = 0; i < values.length; i++) x[i] = Number.isNaN(values[i]!) ? 1 : 0;
  }
}

function encodeCategorical(
  encoding: CategoricalEncoding,
  column: CategoricalColumn,
  nextColumn: () => Float64Array,
): void {
  const levelOfCode = Int32Array.from(column.levels, (level) => encoding.levels.indexOf(level));
  const columns = Array.from({ length: levelColumnCount(encoding) + 1 }, nextColumn);
  const cellsOf = new Map<number | null, Float64Array>();
  for (let i = 0; i < column.codes.length; i++) {
    const code = column.codes[i]!;
    const level = code >= 0 ? levelOfCode[code]! : encoding.fill;
    let cells = cellsOf.get(level);
    if (cells === undefined) cellsOf.set(level, (cells = levelCells(encoding, level)));
    for (let j = 0; j < columns.length; j++) columns[j]![i] = cells[j]!;
  }
}

function encodeMolecular(
  encoding: MolecularEncoding,
  { key, codes, molecules }: MolecularColumn,
  nextColumn: () => Float64Array,
): void {
  const { descriptorNames, descriptors, smiles } = molecules;
  const p = encoding.descriptorNames.length;
  if (smiles.length > 0 && encoding.descriptorNames.some((name, j) => name !== descriptorNames[j]))
    throw new EngineError('VARIABLE_CONFLICT', `the model was fitted with other descriptors of ${key}`, {
      column: key,
    });
  const absent = encoding.isImputed ? 0.5 : NaN;
  encoding.used.forEach((j, c) => {
    const x = nextColumn();
    const values = smiles.map((_, m) => encodeDescriptor(encoding, c, descriptors[m * p + j]!));
    for (let i = 0; i < codes.length; i++) x[i] = codes[i]! < 0 ? absent : values[codes[i]!]!;
  });
  if (!encoding.hasIndicator) return;
  const x = nextColumn();
  for (let i = 0; i < codes.length; i++) x[i] = codes[i]! < 0 ? 1 : 0;
}
