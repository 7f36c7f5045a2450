import type { InputColumn, Inputs } from '../models/inputs.ts';
import { findClosure } from './closeAmounts.ts';
import { powerOfTwoAbove } from '../linalg/powerOfTwoAbove.ts';
import type { CategoricalColumn, MolecularColumn, NumericColumn } from '../table/column.ts';
import type {
  CategoricalEncoding,
  InputEncoding,
  MolecularEncoding,
  NumericEncoding,
  TotalEncoding,
} from './inputEncoding.ts';
import { orderLevels } from './orderLevels.ts';

/** How rows become numbers: fitted to training rows, plain data, part of every fitted model. */
export type InputEncoder = {
  /** Sorted by key, so that the order of columns in a table makes no difference. */
  readonly inputs: readonly InputEncoding[];
};

export interface EncodingOptions {
  /**
   * `impute`: missing cells become the median (the most frequent level), with an indicator column or a level of
   * their own when at least five cells are missing and five present. `keep`: they stay NaN.
   */
  readonly missing: 'impute' | 'keep';
  /** Whether the total of the amounts becomes a column where they almost add up to one number. */
  readonly hasTotal?: boolean;
  /**
   * Whether shares of a closed composition become their square roots where many are zero. Their distance is
   * Hellinger's: small shares differ by more, and none at all is a number like others.
   */
  readonly hasRoots?: boolean;
}

/** A column of the encoded matrix: where it comes from. */
export interface EncodedColumn {
  readonly key: string;
  readonly role: 'value' | 'missing' | 'level' | 'novel' | 'descriptor';
}

/** A numeric range is widened by this share of it on both sides, so that rows just outside stay near [0, 1]. */
const rangeMargin = 0.05;
/** Positive columns whose largest value is this many times the smallest may be encoded as logarithms. */
const logRatio = 50;
/** Fewer cells than this on either side say too little about what missing means. */
const minIndicatorCells = 5;

/** Square roots are for compositions that lack at least this share of their ingredients (decision 0029). */
const absentShare = 1 / 3;

/**
 * Learns the encoding of `inputs` [n rows] from these rows alone. Numeric inputs are scaled to [0, 1] by declared
 * bounds, else by their range, after a logarithm for long-tailed positive ones. Columns that would be constant are
 * left out.
 */
export function fitInputEncoder(inputs: Inputs, options: EncodingOptions): InputEncoder {
  const encodings: InputEncoding[] = [];
  const hasRoots = options.hasRoots === true && findClosure(inputs) !== null && isSparse(inputs);
  for (const input of [...inputs.columns].sort((a, b) => compareText(a.column.key, b.column.key))) {
    const encoding = fitColumn(input, { ...options, hasRoots });
    if (encoding !== null) encodings.push(encoding);
  }
  if (options.hasTotal === true) {
    const total = fitTotal(inputs, options);
    if (total !== null) encodings.push(total);
    encodings.sort((a, b) => compareText(a.key, b.key));
  }
  return { inputs: encodings };
}

/** Whether many cells of amounts are zero. */
function isSparse({ columns }: Inputs): boolean {
  const cells = columns.flatMap(({ column, isAmount }) =>
    isAmount && column.kind === 'numeric' ? [...column.values].filter((value) => !Number.isNaN(value)) : [],
  );
  return cells.filter((value) => value === 0).length >= absentShare * cells.length;
}

function fitColumn(input: InputColumn, options: EncodingOptions): InputEncoding | null {
  const { column } = input;
  if (column.kind === 'numeric') return fitNumeric(input, column, options);
  const isClosed = input.isClosed === true;
  return column.kind === 'molecular'
    ? fitMolecular(column, isClosed, options)
    : fitCategorical(column, isClosed, options);
}

/** The columns that `encodeInputs` gives, in order [d]. */
export function describeColumns(encoder: InputEncoder): EncodedColumn[] {
  return encoder.inputs.flatMap((encoding): EncodedColumn[] => {
    const { key } = encoding;
    if (encoding.kind === 'molecular') {
      const columns = Array.from(encoding.used, (): EncodedColumn => ({ key, role: 'descriptor' }));
      return encoding.hasIndicator ? [...columns, { key, role: 'missing' }] : columns;
    }
    if (encoding.kind === 'numeric' || encoding.kind === 'total') {
      const columns: EncodedColumn[] = [];
      if (encoding.hasValue) columns.push({ key, role: 'value' });
      if (encoding.hasIndicator) columns.push({ key, role: 'missing' });
      return columns;
    }
    // Steps of a scale are a number like any other.
    const role = encoding.isOrdered ? ('value' as const) : ('level' as const);
    const levels = Array.from({ length: levelColumnCount(encoding) }, () => ({ key, role }));
    return [...levels, { key, role: 'novel' }];
  });
}

/** One level needs no column, two share one, and so do steps of a scale. */
export function levelColumnCount({ levels, isOrdered }: CategoricalEncoding): number {
  if (isOrdered) return 1;
  return levels.length <= 2 ? levels.length - 1 : levels.length;
}

/** What a level becomes: its columns and that of levels never seen; -1 for a level not among them, null for missing. */
export function levelCells(encoding: CategoricalEncoding, level: number | null): Float64Array {
  const columnCount = levelColumnCount(encoding);
  const cells = new Float64Array(columnCount + 1);
  const isShared = encoding.isOrdered || encoding.levels.length === 2;
  if (level === null) {
    cells.fill(NaN, 0, columnCount);
  } else if (level < 0) {
    // The corner of a regular simplex of side 1 that none of the levels, or of the ends of a scale, takes.
    if (isShared) cells[0] = 0.5;
    cells[columnCount] = columnCount === 0 ? 1 : isShared ? Math.sqrt(0.75) : Math.SQRT1_2;
  } else if (isShared) {
    cells[0] = level / (encoding.levels.length - 1);
  } else if (columnCount > 0) {
    cells[level] = Math.SQRT1_2;
  }
  return cells;
}

function fitNumeric(
  input: InputColumn,
  { key, values }: NumericColumn,
  options: EncodingOptions,
): NumericEncoding | null {
  const present = values.filter((value) => !Number.isNaN(value));
  if (present.length === 0) return null;
  const sorted = present.slice().sort();
  const min = sorted[0]!;
  const max = sorted.at(-1)!;
  const missingCount = values.length - present.length;
  const hasIndicator =
    options.missing === 'impute' && missingCount >= minIndicatorCells && present.length >= minIndicatorCells;
  const hasValue =
    min < max ||
    (input.isClosed === true && input.bounds !== null && input.bounds.lower < input.bounds.upper);
  if (!hasValue && !hasIndicator) return null;

  const middle = sorted.length >> 1;
  const isRoot = options.hasRoots === true && input.isAmount && min >= 0;
  const isLog = !isRoot && min > 0 && max / min >= logRatio && isEvenerInLogs(min, sorted[middle]!, max);
  const magnitude = isLog
    ? 1
    : powerOfTwoAbove([min, max, input.bounds?.lower ?? 0, input.bounds?.upper ?? 0]);
  const scale = (x: number): number => scaleNumber({ isLog, isRoot, magnitude }, x);
  const margin = rangeMargin * (scale(max) - scale(min));
  let lower = scale(min) - margin;
  let upper = scale(max) + margin;
  const { bounds } = input;
  const isWithin = bounds !== null && (isLog ? bounds.lower > 0 : !isRoot || bounds.lower >= 0);
  if (isWithin && bounds.lower < bounds.upper) {
    lower = scale(bounds.lower);
    upper = scale(bounds.upper);
  }
  const encoding = {
    kind: 'numeric',
    key,
    isLog,
    isRoot,
    magnitude,
    lower,
    width: hasValue ? upper - lower : 1,
  } as const;
  const median = (i: number): number => encodeNumber(encoding, sorted[i]!);
  const fill = sorted.length % 2 === 1 ? median(middle) : 0.5 * (median(middle - 1) + median(middle));
  return { ...encoding, hasValue, fill: options.missing === 'keep' ? null : fill, hasIndicator };
}

/** Whether the median lies nearer to the middle of the range on a logarithmic scale: a long tail to the right. */
function isEvenerInLogs(min: number, median: number, max: number): boolean {
  const straight = (median / max - min / max) / (1 - min / max);
  // Differences of logarithms, since the ratio itself may overflow.
  const logarithmic = (Math.log(median) - Math.log(min)) / (Math.log(max) - Math.log(min));
  return Math.abs(logarithmic - 0.5) < Math.abs(straight - 0.5);
}

function fitCategorical(
  column: CategoricalColumn,
  isClosed: boolean,
  options: EncodingOptions,
): CategoricalEncoding | null {
  const counts = new Float64Array(column.levels.length);
  let missingCount = 0;
  for (const code of column.codes) {
    if (code < 0) missingCount++;
    else counts[code]!++;
  }
  const presentCount = column.codes.length - missingCount;
  if (presentCount === 0) return null;
  const named = column.levels.filter((_, code) => isClosed || counts[code]! > 0).sort(compareText);
  const ordered = orderLevels(named);
  const seen = ordered ?? named;
  const { key } = column;
  const isOrdered = ordered !== null;
  if (options.missing === 'keep') return { kind: 'categorical', key, levels: seen, isOrdered, fill: null };
  // Missing is no step of a scale.
  if (missingCount >= minIndicatorCells && presentCount >= minIndicatorCells)
    return { kind: 'categorical', key, levels: [...named, null], isOrdered: false, fill: named.length };
  const countOf = (level: string): number => counts[column.levels.indexOf(level)]!;
  const most = Math.max(...counts);
  return {
    kind: 'categorical',
    key,
    levels: seen,
    isOrdered,
    fill: seen.findIndex((level) => countOf(level) === most),
  };
}

/** Key of the total; no column is likely to have it, and the total is left out where one does. */
const totalKey = 'total of all amounts';
/**
 * The standard deviation of the total as a share of its mean: below, amounts add up to one number but for rounding;
 * above, they are independent quantities whose total means little.
 */
const totalSpread = { least: 0.005, most: 0.1 };

function fitTotal(inputs: Inputs, options: EncodingOptions): TotalEncoding | null {
  const amounts = inputs.columns
    .filter(({ column, isAmount }) => isAmount && column.kind === 'numeric')
    .map(({ column }) => column.key)
    .sort(compareText);
  if (amounts.length < 3 || inputs.columns.some(({ column }) => column.key === totalKey)) return null;
  const values = totalsOf(inputs, amounts);
  const present = values.filter((value) => !Number.isNaN(value)).sort();
  if (present.length < 2) return null;
  const mean = present.reduce((sum, value) => sum + value / present.length, 0);
  const spread = Math.sqrt(present.reduce((sum, value) => sum + (value - mean) ** 2 / present.length, 0));
  if (!(spread > totalSpread.least * mean && spread < totalSpread.most * mean)) return null;
  const column: NumericColumn = { kind: 'numeric', key: totalKey, values };
  const encoding = fitNumeric({ column, bounds: null, isAmount: false }, column, options);
  return encoding === null ? null : { ...encoding, kind: 'total', amounts };
}

/** Sum of the amounts of each row, in the order of their keys; NaN where one is missing [m]. */
export function totalsOf({ rowCount, columns }: Inputs, amounts: readonly string[]): Float64Array {
  const totals = new Float64Array(rowCount);
  for (const key of amounts) {
    const column = columns.find((input) => input.column.key === key)?.column;
    for (let i = 0; i < rowCount; i++) totals[i]! += column?.kind === 'numeric' ? column.values[i]! : NaN;
  }
  return totals;
}

function fitMolecular(
  { key, codes, levels, molecules }: MolecularColumn,
  isClosed: boolean,
  { missing }: EncodingOptions,
): MolecularEncoding | null {
  const { descriptorNames, descriptors } = molecules;
  const p = descriptorNames.length;
  const present = codes.filter((code) => code >= 0);
  if (present.length === 0) return null;
  const missingCount = codes.length - present.length;
  const described = isClosed ? Int32Array.from(levels.keys()) : present;
  const isImputed = missing === 'impute';
  const used: number[] = [];
  const isLog: number[] = [];
  const centres: number[] = [];
  const spreads: number[] = [];
  for (let j = 0; j < p; j++) {
    // Sorted, so that the order of the rows makes no difference to the last digit.
    const values = Float64Array.from(described, (code) => descriptors[code * p + j]!).sort();
    if (values[0] === values.at(-1)) continue;
    const bent = values[0]! >= 0;
    const u = bent ? values.map(Math.log1p) : values;
    const centre = u.reduce((sum, value) => sum + value / u.length, 0);
    const spread = Math.sqrt(u.reduce((sum, value) => sum + (value - centre) ** 2 / u.length, 0));
    // Values that differ by rounding only.
    if (!(spread > 1e-9 * Math.abs(centre))) continue;
    used.push(j);
    isLog.push(bent ? 1 : 0);
    centres.push(centre);
    spreads.push(spread);
  }
  const hasIndicator = isImputed && missingCount >= minIndicatorCells && present.length >= minIndicatorCells;
  if (used.length === 0 && !hasIndicator) return null;
  return {
    kind: 'molecular',
    key,
    descriptorNames,
    used: Int32Array.from(used),
    isLog: Int32Array.from(isLog),
    centres: Float64Array.from(centres),
    spreads: Float64Array.from(spreads),
    isImputed,
    hasIndicator,
  };
}

/** Standard deviations from the mean at which a descriptor stops to count more. */
const descriptorLimit = 3;
/** Standard deviation of a number spread evenly over [0, 1]. */
const evenSpread = Math.sqrt(1 / 12);

/** Encoded value of used descriptor `c` at its value x. Monotone in x. */
export function encodeDescriptor(
  { used, isLog, centres, spreads }: MolecularEncoding,
  c: number,
  x: number,
): number {
  // Below zero where no molecule was so far, the logarithm ends at that of zero.
  const u = isLog[c] === 1 ? Math.log1p(Math.max(0, x)) : x;
  const z = (u - centres[c]!) / spreads[c]!;
  return 0.5 + (evenSpread / Math.sqrt(used.length)) * descriptorLimit * Math.tanh(z / descriptorLimit);
}

/**
 * Beyond this many widths of the range an input counts as this far: a prediction there means nothing, and larger
 * numbers would only overflow. Logarithms end one width below the range, where values at or below zero are put.
 */
const farthest = 1e6;

/** Between what the encoded value of a number lies. */
export function encodeNumberLimits({ isLog }: Pick<NumericEncoding, 'isLog'>): {
  readonly least: number;
  readonly greatest: number;
} {
  return { least: isLog ? -1 : -farthest, greatest: farthest };
}

/** u of a number above zero, or of any where neither logarithm nor root is taken. */
function scaleNumber(
  { isLog, isRoot, magnitude }: Pick<NumericEncoding, 'isLog' | 'isRoot' | 'magnitude'>,
  x: number,
): number {
  if (isLog) return Math.log(x);
  return isRoot ? Math.sqrt(Math.max(0, x / magnitude)) : x / magnitude;
}

/** Encoded value of one numeric cell; NaN for a missing one. Monotone in x. */
export function encodeNumber(
  encoding: Pick<NumericEncoding, 'isLog' | 'isRoot' | 'magnitude' | 'lower' | 'width'>,
  x: number,
): number {
  if (Number.isNaN(x)) return NaN;
  if (encoding.isLog) {
    const u = x > 0 ? (Math.log(x) - encoding.lower) / encoding.width : -1;
    return Math.min(farthest, Math.max(-1, u));
  }
  const u = (scaleNumber(encoding, x) - encoding.lower) / encoding.width;
  return Math.min(farthest, Math.max(-farthest, u));
}

/** Order of text by code units: the same on every machine and in every language. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
