import type { Store } from './store.ts';

/** An answer as it is sent. */
export interface StoredAnswer {
  readonly text: string;
  /** Its length in UTF-8. */
  readonly bytes: number;
}

/**
 * Answers that depend on nothing but what is stored, kept as long as nothing at all is written. Only where this
 * process is the store's one writer; elsewhere nothing is kept.
 */
export class StoredAnswers {
  readonly #store: Store;
  readonly #maxBytes: number;
  /** By tenant and question. */
  readonly #answers = new Map<number, Map<string, StoredAnswer>>();
  #bytes = 0;
  #version: number | null = null;

  constructor(store: Store, maxBytes: number) {
    this.#store = store;
    this.#maxBytes = maxBytes;
  }

  /** The answer to a question of a tenant, unless something was written since it was made. */
  get(tenantId: number, question: string): StoredAnswer | undefined {
    const version = this.#store.version();
    if (version !== null && version === this.#version) return this.#answers.get(tenantId)?.get(question);
    this.#clear();
    this.#version = version;
    return undefined;
  }

  /** Makes an answer and keeps it, unless something was written meanwhile. */
  async make(tenantId: number, question: string, work: () => Promise<string>): Promise<string> {
    const before = this.#store.version();
    const text = await work();
    const isSame = before !== null && before === this.#store.version() && before === this.#version;
    if (!isSame) return text;
    const bytes = Buffer.byteLength(text);
    // A few large answers would leave no room for the many small ones.
    if (bytes > this.#maxBytes / 16) return text;
    if (this.#bytes + bytes > this.#maxBytes) this.#clear();
    this.#bytes += bytes;
    const answers = this.#answers.get(tenantId) ?? new Map<string, StoredAnswer>();
    answers.set(question, { text, bytes });
    this.#answers.set(tenantId, answers);
    return text;
  }

  #clear(): void {
    this.#answers.clear();
    this.#bytes = 0;
  }
}
