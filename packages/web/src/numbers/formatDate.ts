/** The unit in which the server keeps columns of dates. */
const unit = 'days since 1970-01-01';

/** Whether numbers in this unit are dates. */
export function isDateUnit(text: string | null | undefined): boolean {
  return text === unit;
}

/** Days since 1970 as people write a day, `2026-02-04`, with the time where there is one: `2026-02-04 13:30`. */
export function formatDate(days: number): string {
  const date = new Date(Math.round(days * 1440) * 60_000);
  if (Number.isNaN(date.getTime())) return String(days);
  const [day, time] = date.toISOString().split('T') as [string, string];
  return Number.isInteger(days) ? day : `${day} ${time.slice(0, 5)}`;
}
