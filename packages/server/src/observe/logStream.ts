import { closeSync, openSync, writeSync } from 'node:fs';

/** Lines wait at most this long for others to be written with. */
const gatherMs = 20;
/** More than this is written at once. */
const maxCharacters = 64 * 1024;

/**
 * Where log lines go: gathered for a moment and written together, because a call of the system for each of them costs
 * as much as answering a request.
 */
export class LogStream {
  readonly #file: number;
  readonly #isOwn: boolean;
  #pending = '';
  #isClosed = false;
  #timer: NodeJS.Timeout | null = null;

  /** @param target Path of a file to append to, or the number of an open one */
  constructor(target: string | number) {
    this.#isOwn = typeof target === 'string';
    this.#file = typeof target === 'string' ? openSync(target, 'a', 0o600) : target;
    process.once('exit', this.#flushAtExit);
  }

  write(line: string): void {
    if (this.#isClosed) return;
    this.#pending += line;
    if (this.#pending.length > maxCharacters) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), gatherMs).unref();
  }

  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const text = this.#pending;
    this.#pending = '';
    if (text === '') return;
    try {
      writeSync(this.#file, text);
    } catch {
      // A full disk, or a reader of standard error that has gone, must not stop the server.
    }
  }

  close(): void {
    this.flush();
    this.#isClosed = true;
    process.off('exit', this.#flushAtExit);
    if (this.#isOwn) closeSync(this.#file);
  }

  readonly #flushAtExit = (): void => this.flush();
}
