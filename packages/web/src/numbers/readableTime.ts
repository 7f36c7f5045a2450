import { formatDuration } from './formatDuration.ts';

/** A time as records hold it, `119.5 s`, as people read it, `2 min 00 s`; other texts as they are, a dash for none. */
export function readableTime(text: string | undefined): string {
  const seconds = /^([\d.]+) s$/.exec(text ?? '')?.[1];
  return seconds === undefined ? (text ?? '–') : formatDuration(Number(seconds));
}
