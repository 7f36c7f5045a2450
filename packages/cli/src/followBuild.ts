import { setTimeout as delay } from 'node:timers/promises';
import type { BuildState } from '@athanor/schema';
import type { Client } from '@athanor/schema/client';
import { BuildProgressView } from './buildProgressView.ts';

export interface FollowOptions {
  readonly isQuiet: boolean;
  /** Said when the person presses Ctrl-C; the build itself is not cancelled. */
  readonly onInterrupt: string;
}

/** Shows a build until it ends, across restarts of the server, and gives its final state. */
export async function followBuild(
  client: Client,
  sessionId: string,
  options: FollowOptions,
): Promise<BuildState> {
  const view = options.isQuiet ? null : new BuildProgressView(process.stderr);
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort(new Error(options.onInterrupt));
  process.once('SIGINT', onSignal);
  try {
    for (let failures = 0; failures < 30; failures++) {
      try {
        for await (const event of client.followBuild(sessionId, interrupt.signal)) {
          failures = 0;
          view?.show(event);
          if (event.type === 'end') return event.state;
        }
      } catch (error) {
        if (interrupt.signal.aborted) throw interrupt.signal.reason;
        // A refusal by the server is an answer; a lost connection is worth another try.
        if (!(error instanceof TypeError)) throw error;
      }
      await delay(500);
    }
    throw new Error('the server does not answer any more');
  } finally {
    process.removeListener('SIGINT', onSignal);
    view?.finish();
  }
}
