import { ProblemError } from '@athanor/schema';
import { repeatedRequests } from '../store/repositories/repeatedRequests.ts';
import type { Store } from '../store/store.ts';
import type { Caller } from './caller.ts';
import { type Clock, toIso } from './clock.ts';
import { type CurrentRequest, currentRequest, runForRequest } from './currentRequest.ts';

/** How long an answer is kept for repetitions. */
const keepMs = 24 * 3600 * 1000;

export interface KeptAnswer {
  readonly status: number;
  /** JSON text; empty for an answer without a body. */
  readonly text: string;
}

/**
 * Requests with an Idempotency-Key take effect once, however often they come: the first one's answer is given
 * again. The key is written in the transaction that takes effect, so a crash leaves both or neither.
 */
export class RepeatedRequests {
  readonly #store: Store;
  readonly #clock: Clock;
  /** Requests under way, by tenant, client and key. */
  readonly #running = new Map<string, { requestHash: string; answer: Promise<KeptAnswer> }>();

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    store.beforeCommit = async (transaction) => {
      const request = currentRequest();
      if (request === undefined || request.isKept || request.answer === null) return;
      request.isKept = true;
      await repeatedRequests.insert(transaction, this.#rowOf(request, request.answer));
    };
  }

  /**
   * Answers a request: does `work` the first time, and gives its answer again after that. A refusal is not kept.
   * @param requestHash SHA-256 of method, address and body
   * @param status of the answer when `work` succeeds
   * @throws ProblemError IDEMPOTENCY_KEY_REUSED for another request under the same key; whatever `work` throws.
   */
  async answer(
    caller: Caller,
    key: string,
    requestHash: string,
    status: number,
    work: () => Promise<string>,
  ): Promise<KeptAnswer> {
    const { tenantId, clientId } = caller;
    const name = `${tenantId} ${clientId} ${key}`;
    for (;;) {
      const running = this.#running.get(name);
      if (running === undefined) break;
      requireSame(running.requestHash, requestHash);
      const answer = await running.answer.catch(() => null);
      if (answer !== null) return answer;
    }
    const request: CurrentRequest = {
      tenantId,
      clientId,
      key,
      requestHash,
      status,
      answer: null,
      isKept: false,
    };
    const answer = this.#first(request, work);
    this.#running.set(name, { requestHash, answer });
    try {
      return await answer;
    } finally {
      this.#running.delete(name);
    }
  }

  async #first(request: CurrentRequest, work: () => Promise<string>): Promise<KeptAnswer> {
    const { tenantId, clientId, key, requestHash, status } = request;
    const { database } = this.#store;
    await repeatedRequests.forget(database, toIso(this.#clock() - keepMs));
    const kept = await repeatedRequests.find(database, tenantId, clientId, key);
    if (kept !== undefined) {
      requireSame(kept.requestHash, requestHash);
      return { status: kept.status, text: kept.answer };
    }
    const text = await runForRequest(request, work);
    if (request.isKept) await repeatedRequests.setAnswer(database, tenantId, clientId, key, text);
    else await repeatedRequests.insert(database, this.#rowOf(request, text));
    return { status, text };
  }

  #rowOf({ tenantId, clientId, key, requestHash, status }: CurrentRequest, answer: string) {
    return { tenantId, clientId, key, requestHash, status, answer, at: toIso(this.#clock()) };
  }
}

function requireSame(kept: string, requestHash: string): void {
  if (kept === requestHash) return;
  throw ProblemError.of('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request.', {
    field: 'header/idempotency-key',
  });
}
