import { AsyncLocalStorage } from 'node:async_hooks';

/** What the transactions of a request with an Idempotency-Key need to know of it. */
export interface CurrentRequest {
  readonly tenantId: number;
  readonly clientId: string;
  readonly key: string;
  /** SHA-256 of method, address and body. */
  readonly requestHash: string;
  /** Status of its answer when it succeeds. */
  readonly status: number;
  /** JSON of the record it has made, until the whole answer is known. */
  answer: string | null;
  /** A transaction has written the key. */
  isKept: boolean;
}

const storage = new AsyncLocalStorage<CurrentRequest>();

/** The request that this code runs for, when it has an Idempotency-Key. */
export function currentRequest(): CurrentRequest | undefined {
  return storage.getStore();
}

/** Runs `work` for a request; everything it awaits sees the request too. */
export function runForRequest<T>(request: CurrentRequest, work: () => Promise<T>): Promise<T> {
  return storage.run(request, work);
}

/** Gives the running request its answer beforehand, in the transaction that takes effect. */
export function keepAnswer(answer: object): void {
  const request = currentRequest();
  if (request !== undefined) request.answer = JSON.stringify(answer);
}
