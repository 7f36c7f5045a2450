const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric' });

/** An instant as people say it: the time for today, else the day and the time. */
export function formatTime(iso: string, now = new Date()): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '–';
  const isToday = at.toDateString() === now.toDateString();
  return isToday ? `today, ${time.format(at)}` : `${day.format(at)}, ${time.format(at)}`;
}
