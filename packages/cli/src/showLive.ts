/** What is going on just now: one line of a terminal that is drawn anew and goes with `null`; nothing in a log. */
export function showLive(text: string | null): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text === null ? '' : `  ${text} …`}`);
}
