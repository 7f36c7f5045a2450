import type { BuildEvent, BuildProgress } from '@athanor/schema';
import { formatDuration } from './formatDuration.ts';

/** Where progress goes: a terminal redraws one line, a log gets a line now and then. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** A log gets a line whenever this much more is done, so that it stays readable. */
const logStep = 0.1;

/** Shows a build to a person as it happens. */
export class BuildProgressView {
  readonly #stream: ProgressStream;
  #hasLiveLine = false;
  #lastLogged = -1;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  show(event: BuildEvent): void {
    if (event.type === 'log') this.#showLine(event.line.message);
    else if (event.type === 'progress') this.#showProgress(event.progress);
    else this.finish();
  }

  /** Clears the live line; what is printed next starts on a fresh one. */
  finish(): void {
    if (this.#hasLiveLine) this.#stream.write('\r\u001b[2K');
    this.#hasLiveLine = false;
  }

  #showLine(message: string): void {
    this.finish();
    this.#stream.write(`  ${message}\n`);
  }

  #showProgress(progress: BuildProgress): void {
    if (this.#stream.isTTY === true) {
      const text = liveLine(progress, (this.#stream.columns ?? 80) - 1);
      this.#stream.write(`\r\u001b[2K${text}`);
      this.#hasLiveLine = true;
      return;
    }
    const step = Math.floor(progress.fraction / logStep);
    if (step <= this.#lastLogged) return;
    this.#lastLogged = step;
    this.#stream.write(`  ${percent(progress)}  ${describe(progress)}\n`);
  }
}

function liveLine(progress: BuildProgress, width: number): string {
  const barWidth = 24;
  const filled = Math.round(progress.fraction * barWidth);
  const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
  return [...`  ${bar} ${percent(progress)}  ${describe(progress)}`].slice(0, width).join('');
}

function percent(progress: BuildProgress): string {
  return `${String(Math.floor(progress.fraction * 100)).padStart(3)} %`;
}

function describe(progress: BuildProgress): string {
  const models = `${progress.modelsDone} of ${progress.modelsTotal} models`;
  const left =
    progress.remainingSeconds === null ? null : `about ${formatDuration(progress.remainingSeconds)} left`;
  return [models, left, progress.stage].filter((part) => part !== null && part !== '').join(' · ');
}
