import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Molecule, MoleculeDescriptions, MoleculeRefusal } from '@athanor/engine';
import { descriptorNames } from './describeMolecule.ts';
import type { DescribeMessage, Drawing, DrawMessage } from './describeMessage.ts';

export interface MoleculeReaderOptions {
  /** Module of the thread. */
  readonly entry: URL;
  /** How long one molecule may take. */
  readonly maxMs: number;
  /** How long the thread may take to start. */
  readonly startMs: number;
  /** Texts remembered. */
  readonly maxKnown: number;
}

const defaults: MoleculeReaderOptions = {
  // TypeScript in the repository, JavaScript when published.
  entry: new URL(`./worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url),
  maxMs: 5000,
  startMs: 60_000,
  maxKnown: 20_000,
};

/**
 * Reads SMILES with RDKit in a thread of its own, one question after the other. A molecule on which RDKit hangs or
 * crashes costs the thread its life: that molecule is refused with the reason, and a new thread goes on with the next.
 */
export class MoleculeReader {
  readonly #options: MoleculeReaderOptions;
  readonly #known = new Map<string, Molecule | MoleculeRefusal>();
  #worker: Worker | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: Partial<MoleculeReaderOptions> = {}) {
    this.#options = { ...defaults, ...options };
  }

  /** @throws Error when RDKit cannot be loaded. */
  describe(texts: readonly string[]): Promise<MoleculeDescriptions> {
    const answer = this.#last.then(() => this.#describe(texts));
    this.#last = answer.catch(() => {});
    return answer;
  }

  /** A molecule as SVG, or why it cannot be drawn. @throws Error when RDKit cannot be loaded. */
  draw(question: DrawMessage): Promise<Drawing> {
    const answer = this.#last.then(async () => {
      const { found, refusal } = await this.#ask<Drawing>(question, 1);
      return found[0] ?? refusal!;
    });
    this.#last = answer.catch(() => {});
    return answer;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#worker?.terminate();
    this.#worker = null;
  }

  async #describe(texts: readonly string[]): Promise<MoleculeDescriptions> {
    const byText = new Map<string, Molecule | MoleculeRefusal>();
    let unknown: string[] = [];
    for (const text of new Set(texts)) {
      const known = this.#known.get(text);
      if (known === undefined) unknown.push(text);
      else byText.set(text, known);
    }
    while (unknown.length > 0) {
      const question: DescribeMessage = { texts: unknown };
      const answer = await this.#ask<Molecule | MoleculeRefusal>(question, unknown.length);
      const found = answer.refusal === null ? answer.found : [...answer.found, answer.refusal];
      found.forEach((one, i) => {
        const text = unknown[i]!;
        byText.set(text, one);
        if (this.#known.size < this.#options.maxKnown) this.#known.set(text, one);
      });
      unknown = unknown.slice(found.length);
    }
    return { descriptorNames, byText };
  }

  /** What the thread finds, `count` times, or up to what it dies of; `refusal` says how. */
  async #ask<Found>(
    question: DescribeMessage | DrawMessage,
    count: number,
  ): Promise<{ found: Found[]; refusal: MoleculeRefusal | null }> {
    const worker = (this.#worker ??= await this.#start());
    const { maxMs } = this.#options;
    // Whoever waits for an answer keeps the process alive; an idle thread does not.
    worker.ref();
    const found: Found[] = [];
    const { promise, resolve } = Promise.withResolvers<MoleculeRefusal | null>();
    const overdue = (): void => resolve({ reason: `reading it took longer than ${maxMs / 1000} seconds` });
    let timer = setTimeout(overdue, maxMs);
    const hear = (message: { readonly found: Found }): void => {
      clearTimeout(timer);
      if (found.push(message.found) === count) resolve(null);
      else timer = setTimeout(overdue, maxMs);
    };
    const fall = (): void => resolve({ reason: 'reading it made RDKit crash' });
    // Not on 'error': that may come before the last messages, 'exit' comes after all of them.
    worker.on('message', hear).on('exit', fall);
    worker.postMessage(question);
    const refusal = await promise;
    clearTimeout(timer);
    worker.off('message', hear).off('exit', fall);
    worker.unref();
    if (refusal === null) return { found, refusal };
    this.#worker = null;
    await worker.terminate();
    return { found, refusal };
  }

  async #start(): Promise<Worker> {
    const { entry, startMs } = this.#options;
    const worker = new Worker(entry, { env: {} });
    const signal = AbortSignal.timeout(startMs);
    try {
      // An error of the thread, e.g. a missing package, rejects this.
      await once(worker, 'message', { signal });
    } catch (error) {
      await worker.terminate();
      throw error;
    }
    // A thread that dies while nobody waits for it is replaced with the next question.
    worker.on('error', () => {});
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = null;
    });
    return worker;
  }
}
