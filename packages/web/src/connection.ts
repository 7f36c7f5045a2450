import { ProblemError } from '@athanor/schema';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { client } from './api.ts';

export type Connection = 'good' | 'lost' | 'signedOut';

/** How often a lost server is looked for. */
const lookMs = 1000;
const signInCodes: readonly string[] = ['TOKEN_MISSING', 'TOKEN_INVALID', 'TOKEN_EXPIRED'];

let state: Connection = 'good';
let timer: ReturnType<typeof setInterval> | null = null;
const listeners = new Set<() => void>();

/** Whether the server answers and knows us; every failed question tells. */
export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

/** Learns from a failure: no answer at all, an answer that the server stops, or one that we are not signed in. */
export function noteFailure(error: unknown): void {
  if (error instanceof ProblemError && signInCodes.includes(error.code)) setState('signedOut');
  else if (isLost(error)) {
    setState('lost');
    timer ??= setInterval(() => void look(), lookMs);
  }
}

/** After signing in: everything that failed is asked again. */
export function noteSignedIn(): void {
  setState('good');
  void queryClient.invalidateQueries();
}

export function isLost(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof ProblemError && error.code === 'SERVER_STOPPING');
}

/** What the page has asked the server; failures are told to `noteFailure`. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noteFailure }),
  mutationCache: new MutationCache({ onError: noteFailure }),
  defaultOptions: {
    queries: { retry: false, staleTime: 5_000, refetchOnWindowFocus: true, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
});

async function look(): Promise<void> {
  try {
    await client.call('getReady', {});
  } catch {
    return;
  }
  if (timer !== null) clearInterval(timer);
  timer = null;
  setState('good');
  await queryClient.invalidateQueries();
}

function setState(next: Connection): void {
  if (next === state) return;
  state = next;
  for (const listener of listeners) listener();
}
