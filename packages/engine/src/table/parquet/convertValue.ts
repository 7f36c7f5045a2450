import type { ParquetParsers, SchemaElement } from 'hyparquet';
import { EngineError } from '../../engineError.ts';
import type { RawCell } from '../rawTable.ts';
import { excelTime } from '../xlsx/excelDate.ts';

/** What conversion has to report: data rows (from 0) whose integer is too long for a double. */
export interface ConversionNotes {
  readonly imprecise: number[];
}

/** Dates and times as ISO text, whole days without a time. */
export const valueParsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (millis: bigint) => isoTime(Number(millis)),
  timestampFromMicroseconds: (micros: bigint) => isoTime(Number(micros / 1000n)),
  timestampFromNanoseconds: (nanos: bigint) => isoTime(Number(nanos / 1_000_000n)),
  dateFromDays: (days: number) => isoTime(days * 86_400_000),
};

function isoTime(ms: number): string {
  // Throws for a time outside the calendar, which the caller takes for damage.
  const text = new Date(ms).toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19);
}

const refused = new Set([
  'JSON',
  'BSON',
  'INTERVAL',
  'GEOMETRY',
  'GEOGRAPHY',
  'VARIANT',
  'MAP',
  'LIST',
  'MAP_KEY_VALUE',
]);

/**
 * Refuses a column whose values are no numbers, texts, truth values or times.
 * @throws EngineError COLUMN_UNSUPPORTED with column and type.
 */
export function refuseUnsupported(element: SchemaElement): void {
  const logical = element.logical_type?.type ?? element.converted_type;
  const isRaw = element.type === 'FIXED_LEN_BYTE_ARRAY' && logical === undefined;
  if (!isRaw && (logical === undefined || !refused.has(logical))) {
    prepareDecimal(element);
    return;
  }
  const type = logical ?? element.type ?? 'unknown';
  throw new EngineError('COLUMN_UNSUPPORTED', `Column "${element.name}" holds values of type ${type}.`, {
    column: element.name,
  });
}

/** Scale of columns of decimal numbers, taken from the schema so that the library hands out the bare integers. */
const decimalScales = new WeakMap<SchemaElement, number>();

/**
 * The library multiplies decimals by 10^-scale, which turns 35 hundredths into 0.35000000000000003. Without the mark in the
 * schema it gives the integer, and `convertValue` rounds once.
 */
function prepareDecimal(element: SchemaElement): void {
  const isDecimal = element.converted_type === 'DECIMAL' || element.logical_type?.type === 'DECIMAL';
  if (!isDecimal) return;
  const logical = element.logical_type?.type === 'DECIMAL' ? element.logical_type.scale : undefined;
  decimalScales.set(element, element.scale ?? logical ?? 0);
  delete element.converted_type;
  delete element.logical_type;
}

/** What the library decoded as a cell of a table. */
export function convertValue(
  value: unknown,
  element: SchemaElement,
  index: number,
  notes: ConversionNotes,
): RawCell {
  if (value === null) return null;
  const scale = decimalScales.get(element);
  if (scale !== undefined) return decimalOf(value, scale, element);
  switch (typeof value) {
    case 'number':
      return Number.isNaN(value) ? null : timeOfDay(value, element);
    case 'bigint': {
      const number = Number(value);
      if (element.converted_type?.startsWith('TIME') || element.logical_type?.type === 'TIME')
        return timeOfDay(number, element);
      if (!Number.isSafeInteger(number)) notes.imprecise.push(index);
      return number;
    }
    case 'boolean':
      return value;
    case 'string':
      return value === '' ? null : value;
    default:
      if (value instanceof Uint8Array) return textOf(value, element);
      throw damaged(element);
  }
}

function decimalOf(value: unknown, scale: number, element: SchemaElement): number {
  let integer: bigint;
  if (value instanceof Uint8Array) {
    integer = 0n;
    for (const byte of value) integer = integer * 256n + BigInt(byte);
    integer = BigInt.asIntN(8 * value.length, integer);
  } else if (typeof value === 'bigint') {
    integer = value;
  } else if (typeof value === 'number') {
    integer = BigInt(value);
  } else {
    throw damaged(element);
  }
  return Number(`${integer}e${-scale}`);
}

/** Times of day as H:MM:SS, which is read as hours; other numbers as they are. */
function timeOfDay(value: number, element: SchemaElement): RawCell {
  const { converted_type: converted, logical_type: logical } = element;
  if (converted !== 'TIME_MILLIS' && converted !== 'TIME_MICROS' && logical?.type !== 'TIME') return value;
  const unit = logical?.type === 'TIME' ? logical.unit : converted === 'TIME_MILLIS' ? 'MILLIS' : 'MICROS';
  const perDay = 86_400_000 * (unit === 'MILLIS' ? 1 : unit === 'MICROS' ? 1e3 : 1e6);
  return excelTime(value / perDay) ?? value;
}

/** Bytes as text; columns of bytes that are no UTF-8 are refused. */
function textOf(bytes: Uint8Array, element: SchemaElement): RawCell {
  if (bytes.length === 0) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new EngineError('COLUMN_UNSUPPORTED', `Column "${element.name}" holds bytes that are no text.`, {
      column: element.name,
    });
  }
}

function damaged(element: SchemaElement): EngineError {
  return new EngineError(
    'FILE_DAMAGED',
    `The file is damaged: column "${element.name}" refers to values that are not there.`,
    {
      column: element.name,
    },
  );
}
