import type { Clock } from './clock.ts';

/** More names than this are not remembered; the oldest make room. */
const maxNames = 10_000;

/** Counts failures by name and says how long a name with too many has to wait. */
export class FailureLimiter {
  readonly #max: number;
  readonly #waitMs: number;
  readonly #clock: Clock;
  readonly #failures = new Map<string, { count: number; until: number }>();

  constructor(max: number, waitSeconds: number, clock: Clock) {
    this.#max = max;
    this.#waitMs = waitSeconds * 1000;
    this.#clock = clock;
  }

  /** Seconds that `name` still has to wait; 0 when it may try. */
  waitSeconds(name: string): number {
    const entry = this.#failures.get(name);
    if (entry === undefined) return 0;
    const leftMs = entry.until - this.#clock();
    if (leftMs <= 0) this.#failures.delete(name);
    return entry.count < this.#max || leftMs <= 0 ? 0 : Math.ceil(leftMs / 1000);
  }

  fail(name: string): void {
    const count = (this.#failures.get(name)?.count ?? 0) + 1;
    this.#failures.delete(name);
    if (this.#failures.size >= maxNames) this.#failures.delete(this.#failures.keys().next().value!);
    this.#failures.set(name, { count, until: this.#clock() + this.#waitMs });
  }

  succeed(name: string): void {
    this.#failures.delete(name);
  }
}
