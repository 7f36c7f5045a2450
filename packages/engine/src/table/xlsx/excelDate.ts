const dayMs = 86_400_000;
/** 9999-12-31, the last day that Excel knows. */
const lastSerial = 2_958_465;

/**
 * A date serial of a workbook as ISO text: `YYYY-MM-DD`, with `THH:MM:SS` when it has a time of day. Excel counts a
 * 29 February 1900 that never was (serial 60); it comes out under that name and is refused where dates are read.
 * Null when the number is no date.
 */
export function excelDate(serial: number, isDate1904: boolean): string | null {
  const last = isDate1904 ? lastSerial - 1462 : lastSerial;
  if (!(serial >= 0) || serial >= last + 1) return null;
  // Excel stores times with an error of some microseconds; a second is what it shows.
  let day = Math.floor(serial);
  let seconds = Math.round((serial - day) * 86_400);
  if (seconds === 86_400) {
    day++;
    seconds = 0;
  }
  let date: string;
  if (isDate1904) date = isoDay(Date.UTC(1904, 0, 1) + day * dayMs);
  else if (day === 60) date = '1900-02-29';
  else date = isoDay(Date.UTC(1899, 11, day < 60 ? 31 : 30) + day * dayMs);
  return seconds === 0 ? date : `${date}T${clock(seconds)}`;
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** A time or duration in days as `H:MM:SS`, hours not limited to a day; null when negative. */
export function excelTime(days: number): string | null {
  if (!(days >= 0) || days > lastSerial) return null;
  return clock(Math.round(days * 86_400));
}

function clock(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
