const dayMs = 86_400_000;

/** A text taken apart as a date: parts in order of writing, and what is known of the order. */
interface DateParts {
  readonly kind: 'ymd' | 'dmy' | 'open' | 'shortYear';
  readonly numbers: readonly [number, number, number];
  /** Hours, minutes, seconds, as a fraction of a day. */
  readonly timeDays: number;
  /** Minutes east of Greenwich; null when the text has no zone. */
  readonly zoneMinutes: number | null;
}

const monthNames =
  'jan feb mar apr may jun jul aug sep oct nov dec january february march april june july august september sept october november december mai okt dez mrz januar februar märz juni juli oktober dezember';
const monthNumbers = new Map(
  monthNames.split(' ').map((name) => {
    const starts: readonly (readonly [string, number])[] = [
      ['ja', 1],
      ['f', 2],
      ['mar', 3],
      ['mä', 3],
      ['mr', 3],
      ['ap', 4],
      ['may', 5],
      ['mai', 5],
      ['jun', 6],
      ['jul', 7],
      ['au', 8],
      ['s', 9],
      ['o', 10],
      ['n', 11],
      ['d', 12],
    ];
    return [name, starts.find(([start]) => name.startsWith(start))![1]] as const;
  }),
);

const time =
  '(?:[T ]+(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,]\\d{1,9})?)?(?: ?(Z|[+-]\\d{2}:?\\d{2}|[AaPp][Mm]))?)?';
const yearFirst = new RegExp(`^(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})${time}$`);
const yearLast = new RegExp(`^(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4}|\\d{2})${time}$`);
const monthNamed = new RegExp(`^(\\d{1,2})[-. /]{1,2}([A-Za-zä]{3,9})\\.?[-, /]{1,2}(\\d{4}|\\d{2})${time}$`);
const monthFirst = new RegExp(`^([A-Za-zä]{3,9})\\.? (\\d{1,2}),? (\\d{4})${time}$`);

/** No date is longer than this; so no pattern ever sees more. */
const maxLength = 40;

function readDate(text: string): DateParts | null {
  if (text.length > maxLength || text.length < 6) return null;
  let match = yearFirst.exec(text);
  if (match !== null) return parts('ymd', [match[1]!, match[3]!, match[4]!], match, 5);
  match = yearLast.exec(text);
  if (match !== null) {
    const kind = match[4]!.length === 2 ? 'shortYear' : match[2] === '.' ? 'dmy' : 'open';
    return parts(kind, [match[1]!, match[3]!, match[4]!], match, 5);
  }
  match = monthNamed.exec(text);
  if (match !== null) {
    const month = monthNumbers.get(match[2]!.toLowerCase());
    if (month === undefined) return null;
    return parts(
      match[3]!.length === 2 ? 'shortYear' : 'dmy',
      [match[1]!, String(month), match[3]!],
      match,
      4,
    );
  }
  match = monthFirst.exec(text);
  if (match === null) return null;
  const month = monthNumbers.get(match[1]!.toLowerCase());
  return month === undefined ? null : parts('dmy', [match[2]!, String(month), match[3]!], match, 4);
}

function parts(
  kind: DateParts['kind'],
  numbers: readonly [string, string, string],
  match: RegExpExecArray,
  firstTime: number,
): DateParts | null {
  const [hours, minutes, seconds, zone] = match.slice(firstTime, firstTime + 4) as (string | undefined)[];
  let hour = Number(hours ?? 0);
  let zoneMinutes: number | null = null;
  if (zone !== undefined && /m$/i.test(zone)) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (/^p/i.test(zone) ? 12 : 0);
  } else if (zone !== undefined) {
    const digits = zone.replace(':', '');
    zoneMinutes =
      zone === 'Z'
        ? 0
        : Number(`${digits[0]}1`) * (60 * Number(digits.slice(1, 3)) + Number(digits.slice(3, 5)));
  }
  const [minute, second] = [Number(minutes ?? 0), Number(seconds ?? 0)];
  if (hour > 24 || minute > 59 || second > 60) return null;
  const [a, b, c] = numbers.map(Number) as [number, number, number];
  return { kind, numbers: [a, b, c], timeDays: hour / 24 + minute / 1440 + second / 86_400, zoneMinutes };
}

/** Days since 1970-01-01; null for a day that does not exist. */
function daysOf(year: number, month: number, day: number): number | null {
  const ms = Date.UTC(year, month - 1, day);
  const date = new Date(ms);
  // Years below 100 would be moved to 1900 by the standard library.
  if (year < 100 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return Math.round(ms / dayMs);
}

/** Whether a text is written as a date, in any order, whether or not the day exists. */
export function looksLikeDate(text: string): boolean {
  return readDate(text) !== null;
}

/** A column of dates as numbers, or why it cannot be one. `index` says which text. */
export type DatesReading =
  | {
      readonly kind: 'days';
      readonly days: Float64Array;
      readonly order: 'ISO' | 'day first' | 'month first';
    }
  | { readonly kind: 'open'; readonly index: number; readonly reason: string }
  | { readonly kind: 'impossible'; readonly index: number };

/**
 * Reads a column of dates as days since 1970-01-01, with the time of day as a fraction; NaN where `texts` has null.
 * ISO dates and named months say what they mean; of `03/04/2025` the whole column must say it, by some part above 12.
 * Years of two digits, and times with and without a zone side by side, are refused.
 * All texts must look like dates.
 */
export function readDates(texts: readonly (string | null)[]): DatesReading {
  const all = texts.map((text) => (text === null ? null : readDate(text)));
  let dayFirst = -1;
  let monthFirstIndex = -1;
  let open = -1;
  let zoned = -1;
  let local = -1;
  for (const [index, date] of all.entries()) {
    if (date === null) continue;
    if (date.kind === 'shortYear') return { kind: 'open', index, reason: 'the year has only two digits' };
    if (date.kind === 'open') {
      if (open < 0) open = index;
      if (date.numbers[0] > 12 && dayFirst < 0) dayFirst = index;
      if (date.numbers[1] > 12 && monthFirstIndex < 0) monthFirstIndex = index;
    }
    if (date.zoneMinutes !== null) zoned = index;
    else if (date.timeDays !== 0) local = index;
  }
  if (open >= 0 && dayFirst >= 0 === monthFirstIndex >= 0) {
    const reason =
      dayFirst >= 0
        ? 'some cells put the day first and others the month'
        : 'day and month could be either way round';
    return { kind: 'open', index: dayFirst >= 0 ? Math.max(dayFirst, monthFirstIndex) : open, reason };
  }
  if (zoned >= 0 && local >= 0)
    return { kind: 'open', index: local, reason: 'some times have a time zone and others have none' };
  const days = new Float64Array(texts.length).fill(NaN);
  for (const [index, date] of all.entries()) {
    if (date === null) continue;
    const [a, b, c] = date.numbers;
    const day =
      date.kind === 'ymd'
        ? daysOf(a, b, c)
        : date.kind === 'open' && monthFirstIndex >= 0
          ? daysOf(c, a, b)
          : daysOf(c, b, a);
    if (day === null) return { kind: 'impossible', index };
    days[index] = day + date.timeDays - (date.zoneMinutes ?? 0) / 1440;
  }
  const isIso = open < 0 && all.every((date) => date === null || date.kind === 'ymd');
  return { kind: 'days', days, order: isIso ? 'ISO' : monthFirstIndex >= 0 ? 'month first' : 'day first' };
}

/** `1-Mar`, `Mar-01`, `2-Sep`, `Sep 2`: what Excel makes of 1-3, MARCH1 and SEPT2. */
export function looksLikeExcelDate(text: string): boolean {
  if (text.length > 12) return false;
  const match = /^(?:\d{1,2}[-. ]{1,2}([A-Za-zä]{3,4})|([A-Za-zä]{3,4})[-. ]\d{1,2})$/.exec(text);
  return match !== null && monthNumbers.has((match[1] ?? match[2]!).toLowerCase().replace(/\.$/, ''));
}

/** `1:30:00` as hours; undefined when it is not written so. Two parts could be minutes and seconds, and are not read. */
export function readClock(text: string): number | undefined {
  const match = /^(\d{1,5}):([0-5]\d):([0-5]\d)$/.exec(text);
  return match === null ? undefined : Number(match[1]) + Number(match[2]) / 60 + Number(match[3]) / 3600;
}
